package tcptest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

// How a server stops. That it leaves no goroutine behind
// is checked after every case.
var stopCases = []lesson.Case[Subject]{
	{
		Name:     "stop-refuses",
		Rule:     "a server that stops refuses new clients at once, while it still serves the old ones",
		Source:   "net/http.Server.Shutdown",
		Hint:     "only closing the listener wakes an Accept that waits, and only then clients are refused",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			release := make(chan struct{})
			server := serve(t, subject, &tcp.Server{
				DrainTimeout: time.Minute,
				Handler:      tcp.HandlerFunc(func(context.Context, net.Conn) error { <-release; return nil }),
			})
			defer close(release)
			server.Dial()
			synctest.Wait()
			server.Stop()
			synctest.Wait()
			_, err := server.TryDial()
			require.Error(t, err, "the server is stopping, and still takes new clients: is the listener closed?")
		},
	},
	{
		Name:   "stop-context",
		Rule:   "handlers see the context end, and may still say goodbye",
		Source: "context.Context",
		Hint:   "the handler's context must be derived from that of Serve, and the connection stay open during the drain",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{
				DrainTimeout: patience,
				Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
					io.WriteString(conn, "hello ")
					<-ctx.Done()
					_, err := io.WriteString(conn, "goodbye")
					return err
				}),
			})
			client := server.Dial()
			require.NoError(t, client.SetReadDeadline(time.Now().Add(patience)))
			hello := make([]byte, len("hello "))
			_, err := io.ReadFull(client, hello)
			require.NoError(t, err)
			subject.Settle() // the server waits for the next client
			server.Stop()
			goodbye, err := io.ReadAll(client)
			require.Equal(t, "goodbye", string(goodbye), "the server stopped, but the handler could not say goodbye")
			require.NoError(t, err)
			require.NoError(t, server.stopped("all handlers have ended"), "every handler ended by itself: Serve must return nil")
		},
	},
	{
		Name:   "stop-waits",
		Rule:   "Serve returns when the last handler has",
		Source: "net/http.Server.Shutdown",
		Hint:   "a WaitGroup, or a channel: Serve must know its handlers",
		Check: func(t lesson.T, subject Subject) {
			started, release := make(chan struct{}), make(chan struct{})
			var ended bool // written before Serve returns, or the race detector tells
			server := serve(t, subject, &tcp.Server{
				DrainTimeout: patience,
				Handler: tcp.HandlerFunc(func(context.Context, net.Conn) error {
					close(started)
					<-release
					ended = true
					return nil
				}),
			})
			server.Dial()
			select {
			case <-started:
			case <-time.After(patience):
				require.Fail(t, "the handler was not called", "a client has connected")
			}
			subject.Settle() // the server waits for the next client
			server.Stop()
			subject.Settle()
			select {
			case err := <-server.Returned:
				close(release)
				require.Fail(t, "Serve returned", "a handler still runs, but Serve has returned (%v): who would wait for it?", err)
			default:
			}
			close(release)
			require.NoError(t, server.stopped("all handlers have ended"))
			require.True(t, ended, "Serve has returned before its handler")
		},
	},
	{
		Name:     "stop-last-moment",
		Rule:     "Serve waits also for a handler whose client came just before the stop",
		Source:   "sync.WaitGroup.Add",
		Hint:     "who counts the handlers? On a goroutine of its own, Add may come after Wait has found nothing to wait for: Go adds before",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for range lastMoments {
				var ended atomic.Bool
				server := subject.New(&tcp.Server{Logger: slog.New(slog.DiscardHandler), Handler: tcp.HandlerFunc(func(context.Context, net.Conn) error {
					ended.Store(true)
					return nil
				})})
				ctx, stop := context.WithCancel(t.Context())
				client, conn := memnet.Pipe()
				require.NoError(t, server.Serve(ctx, &lastMoment{Listener: memnet.Listen(), conn: conn, stop: stop}))
				require.True(t, ended.Load(), "Serve has returned before the handler of a client that was accepted just before the stop: did it know of that one?")
				client.Close()
			}
		},
	},
	{
		Name:     "stop-cuts",
		Rule:     "what still runs after the drain timeout is cut, and Serve says how many connections that were",
		Source:   "net/http.Server.Close",
		Hint:     "a deadline in the past ends every Read and Write that waits; then close",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{
				DrainTimeout: 5 * time.Second,
				Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
					_, err := io.Copy(conn, conn) // looks only at the client
					return err
				}),
			})
			clients := []lesson.Conn{server.Dial(), server.Dial(), server.Dial()}
			server.Dial().Close() // this one ends by itself
			synctest.Wait()
			start := time.Now()
			server.Stop()
			err := server.stopped("the drain timeout of 5 s is over, and some handlers still wait for their clients: cut them")
			require.GreaterOrEqual(t, time.Since(start), 5*time.Second, "the handlers had 5 s to come to an end by themselves")
			var cut *tcp.CutError
			require.ErrorAs(t, err, &cut, "three connections had to be cut, and Serve must say so")
			require.Equal(t, tcp.CutError{Cut: 3}, *cut, "three connections had to be cut")
			for _, client := range clients {
				expectEnd(t, client, "the server has cut this connection, but its client does not see it")
			}
		},
	},
	{
		Name:     "stop-deaf-handler",
		Rule:     "a handler that listens neither to its context nor to its connection cannot keep Serve from returning",
		Source:   "net/http.Server.Shutdown",
		Hint:     "Go cannot end a goroutine from outside: wait a little, then count it as stuck",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			deaf := make(chan struct{})
			server := serve(t, subject, &tcp.Server{
				DrainTimeout: time.Second,
				Handler:      tcp.HandlerFunc(func(context.Context, net.Conn) error { <-deaf; return nil }),
			})
			defer close(deaf)
			server.Dial()
			synctest.Wait()
			server.Stop()
			err := server.stopped("one handler is deaf, and Serve waits for it for ever")
			var cut *tcp.CutError
			require.ErrorAs(t, err, &cut, "one connection had to be cut, and Serve must say so")
			require.Equal(t, tcp.CutError{Cut: 1, Stuck: 1}, *cut, "one connection was cut, and its handler still runs")
		},
	},
	{
		Name:     "nothing-left",
		Rule:     "when Serve has returned, every connection is closed, however it ended",
		Source:   "net/http.Server.Close",
		Hint:     "an open connection is a file descriptor; a process has only so many",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{DrainTimeout: time.Second, Handler: panicsAt("panic")})
			panics, leaves, stays := server.Dial(), server.Dial(), server.Dial()
			expectEcho(t, stays, "hello", "the client got no answer")
			io.WriteString(panics, "panic")
			leaves.Close()
			synctest.Wait()
			server.Stop()
			server.stopped("the drain timeout is over")
			for client, how := range map[lesson.Conn]string{panics: "one whose handler panicked", leaves: "one whose client left", stays: "one that was cut"} {
				require.True(t, client.(*memnet.Conn).Peer().Closed(), "Serve has returned, and a connection is still open: %s", how)
			}
		},
	},
	{
		Name:   "serve-twice",
		Rule:   "a server that serves already refuses to serve again, and goes on",
		Source: "net/http.Server.Shutdown",
		Hint:   "an atomic flag that Serve sets first",
		Check: func(t lesson.T, subject Subject) {
			settings := &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}
			var server Server
			first := serve(t, Subject{Network: subject.Network, New: func(s *tcp.Server) Server {
				server = subject.New(s)
				return server
			}}, settings)
			first.stillServes("the client got no answer")
			other, err := subject.Network.Listen()
			require.NoError(t, err)
			defer other.Close()
			// Should it serve after all, the end of the context brings it back.
			ctx, cancel := context.WithTimeout(context.Background(), patience/2)
			defer cancel()
			require.Error(t, server.Serve(ctx, other), "Serve was called a second time and said nothing: which of the two does a stop mean?")
			first.stillServes("the refused second call of Serve has stopped the first")
		},
	},
	{
		Name:   "closed-listener",
		Rule:   "Serve on a closed listener is an error",
		Source: "net.ErrClosed",
		Hint:   "net.ErrClosed means a graceful stop only if the context has ended",
		Check: func(t lesson.T, subject Subject) {
			listener, err := subject.Network.Listen()
			require.NoError(t, err)
			require.NoError(t, listener.Close())
			server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
			err = server.stopped("its listener was closed from the start")
			require.ErrorIs(t, err, net.ErrClosed, "the listener was closed, but nobody has stopped the server: that is an error")
		},
	},
}

// lastMoments is how often a server is stopped at the last moment: a goroutine that was
// started just before may be quick once, but not each time.
const lastMoments = 100

// A lastMoment is a listener with one client. It stops the server as soon as that is accepted,
// when the server's goroutine asks for the next one: there is no time in between.
type lastMoment struct {
	net.Listener
	conn net.Conn
	stop context.CancelFunc
}

func (l *lastMoment) Accept() (conn net.Conn, err error) {
	if conn, l.conn = l.conn, nil; conn != nil {
		return conn, nil
	}
	l.stop()
	return nil, net.ErrClosed
}
