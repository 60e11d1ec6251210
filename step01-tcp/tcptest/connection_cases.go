package tcptest

import (
	"context"
	"errors"
	"net"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// What the server owes each connection.
var connectionCases = []lesson.Case[Subject]{
	{
		Name:   "isolation",
		Rule:   "a silent client delays nobody: every connection has its own goroutine",
		Source: "net/http.Server.Serve",
		Hint:   "what does the accept loop do between two calls of Accept? Whatever waits for a client must not be there",
		Check:  checkIsolation,
	},
	{
		Name:   "closes",
		Rule:   "the server closes the connection when the handler returns",
		Source: "CWE-772, missing release of a resource",
		Hint:   "a deferred Close runs however the handler ends",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(func(context.Context, net.Conn) error { return nil })})
			expectEnd(t, server.Dial(), "the handler has returned, but the client's connection stays open: who closes it?")
		},
	},
	{
		Name:   "close-twice",
		Rule:   "a handler may close its connection itself",
		Source: "io.Closer",
		Hint:   "the server's own Close comes second then, and must not mind",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
				return errors.Join(conn.Close(), conn.Close())
			})})
			for range 3 {
				expectEnd(t, server.Dial(), "the handler has closed the connection, but the client does not see it")
			}
			subject.Settle()
			require.NotContains(t, server.log.String(), net.ErrClosed.Error(), "closing twice must be harmless: the second Close returned an error")
		},
	},
	{
		Name:   "panic",
		Rule:   "a panic in a handler ends its connection, and nothing else",
		Source: "net/http.Handler",
		Hint:   "recover works only in a deferred function of the same goroutine",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{Handler: panicsAt("panic")})
			bystander := server.Dial()
			expectEcho(t, bystander, "before", "a client got no answer")
			victim := server.Dial()
			_, err := victim.Write([]byte("panic"))
			require.NoError(t, err)
			expectEnd(t, victim, "the handler has panicked, but its client's connection stays open")
			expectEcho(t, bystander, "after", "after a panic in one handler, another connection is dead")
			server.stillServes("after a panic in one handler, new clients get no answer")
		},
	},
	{
		Name:   "panic-log",
		Rule:   "a panic is logged with its value, the peer and the stack",
		Source: "net/http.Handler",
		Hint:   "runtime/debug.Stack, called in the deferred function, still shows where the panic began",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{Handler: panicsAt("panic")})
			victim := server.Dial()
			_, err := victim.Write([]byte("panic"))
			require.NoError(t, err)
			expectEnd(t, victim, "the handler has panicked, but its client's connection stays open")
			server.Stop()
			server.stopped("the server was stopped")
			text := server.log.String()
			require.Contains(t, text, asked, "a handler has panicked, and the log does not say with what")
			require.Contains(t, text, victim.LocalAddr().String(), "a handler has panicked, and the log does not say whose connection it was")
			require.Contains(t, text, "panicsAt", "a handler has panicked, and the log has no stack that shows where")
		},
	},
	{
		Name:   "abort",
		Rule:   "a handler that panics with ErrAbortHandler ends its connection without a word in the log",
		Source: "net/http.ErrAbortHandler",
		Hint:   "compare what recover returns with tcp.ErrAbortHandler",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(func(context.Context, net.Conn) error { panic(tcp.ErrAbortHandler) })})
			expectEnd(t, server.Dial(), "the handler has aborted, but the client's connection stays open")
			subject.Settle()
			require.Empty(t, aboveDebug(server.log), "a silent abort was logged")
		},
	},
	{
		Name:   "quiet-errors",
		Rule:   "an error that a handler returns is not logged above debug level: on a network clients vanish all the time",
		Source: "CWE-779, logging of excessive data",
		Hint:   "if every lost client made a line, the log would be of no use, and a way to fill the disk",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(func(context.Context, net.Conn) error { return errors.New("client gone") })})
			expectEnd(t, server.Dial(), "the handler has returned, but the client's connection stays open")
			subject.Settle()
			require.Empty(t, aboveDebug(server.log), "an ordinary end of a connection was logged")
		},
	},
}

// checkIsolation is the case that the accept loops and the echo servers share.
func checkIsolation(t lesson.T, subject Subject) {
	server := serveEcho(t, subject)
	first := server.Dial()
	second := server.Dial()
	expectEcho(t, second, "second", "the second client got no answer while the first was silent: is each connection served on its own?")
	expectEcho(t, first, "first", "the first client, silent until now, got no answer")
}
