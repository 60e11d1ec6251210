package tcptest

import (
	"context"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step01-tcp/tcp"
)

// Server, ServeFunc and Subject are what a case judges: a server that takes the settings of a
// [tcp.Server]. For the EchoCases their handler is [tcp.Echo]; a server with a
// handler of its own ignores it.
type (
	Server    = servertest.Server
	ServeFunc = servertest.ServeFunc
	Subject   = servertest.Subject[tcp.Server]
)

// TestServer runs the ServerCases against the servers that newServer returns,
// in memory and over loopback.
func TestServer(t *testing.T, newServer func(settings *tcp.Server) Server) {
	servertest.Run(t, ServerCases(), newServer)
}

// TestEcho runs the EchoCases against the echo servers that newServer returns,
// in memory and over loopback.
func TestEcho(t *testing.T, newServer func(settings *tcp.Server) Server) {
	servertest.Run(t, EchoCases(), newServer)
}

// ServerCases are the properties of an accept loop.
func ServerCases() []lesson.Case[Subject] {
	return slices.Concat(connectionCases, acceptCases, limitCases, stopCases, timeCases)
}

// patience is how long a client waits for what must come. It is virtual in a
// bubble; over loopback a loaded machine may need some of it.
const patience = 10 * time.Second

// A running server, and what it has logged.
type running struct {
	*servertest.Running
	log *servertest.Logbook
}

// serve starts the subject's server on a listener of its own. When the case
// ends the server is stopped, and must return.
func serve(t lesson.T, subject Subject, settings *tcp.Server) *running {
	listener, err := subject.Network.Listen()
	require.NoError(t, err)
	return serveOn(t, subject, settings, listener)
}

func serveOn(t lesson.T, subject Subject, settings *tcp.Server, listener net.Listener) *running {
	r := &running{log: new(servertest.Logbook)}
	settings.Logger = r.log.Logger()
	t.Cleanup(r.tellPanics) // when the server has ended: what is added first is called last
	r.Running = servertest.Start(t, subject.Network, listener, subject.New(settings))
	return r
}

// tellPanics fails the case if a handler has panicked, and not because the case
// asked it to: the server has recovered, and only its log says why the client
// got no answer.
func (r *running) tellPanics() {
	for line := range strings.Lines(r.log.String()) {
		if _, cause, ok := strings.Cut(line, " panic="); ok && !strings.Contains(line, asked) {
			cause, stack, _ := strings.Cut(cause, " stack=")
			r.T.Errorf("the handler panicked: %s, at %s", cause, learnersFile.FindString(stack))
		}
	}
}

// learnersFile matches a place in the file of an exercise.
var learnersFile = regexp.MustCompile(`exercises/\w+/exercise\.go:\d+`)

// expectNoHandlerError fails the case, with the sentence, if a handler has returned
// an error. It knows only what tcp.Server logs.
func (r *running) expectNoHandlerError(sentence string) {
	r.T.Helper()
	require.NotContains(r.T, r.log.String(), "connection ended", sentence)
}

// stopped returns what Serve returns. It fails the case, with the sentence, if
// Serve does not return in time.
func (r *running) stopped(sentence string) error {
	r.T.Helper()
	select {
	case err := <-r.Returned:
		return err
	case <-time.After(patience):
		require.Fail(r.T, "Serve has not returned", sentence)
		return nil
	}
}

// stillServes fails the case, with the sentence, unless a new client is answered
// by an echo handler.
func (r *running) stillServes(sentence string) {
	r.T.Helper()
	conn, err := r.TryDial()
	require.NoError(r.T, err, sentence) // a server that has ended by now refuses; one that has not yet is silent
	defer conn.Close()
	expectEcho(r.T, conn, "are you there?", sentence)
}

// expectEcho sends the text and fails the case, with the sentence, unless the
// same text comes back.
func expectEcho(t lesson.T, conn net.Conn, text, sentence string) {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err := io.WriteString(conn, text)
	require.NoError(t, err, sentence)
	got := make([]byte, len(text))
	n, err := io.ReadFull(conn, got)
	require.NoError(t, err, "%s\n  sent %q, got %q back", sentence, text, got[:n])
	require.Equal(t, text, string(got), sentence)
	require.NoError(t, conn.SetDeadline(time.Time{}))
}

// expectEnd fails the case, with the sentence, unless the server ends the
// connection: with a FIN or a reset, and without another byte.
func expectEnd(t lesson.T, conn net.Conn, sentence string) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	got, err := io.ReadAll(conn)
	require.Empty(t, string(got), sentence)
	require.False(t, isTimeout(err), sentence)
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// aboveDebug returns the lines of a level higher than debug.
func aboveDebug(log *servertest.Logbook) []string {
	var lines []string
	for line := range strings.Lines(log.String()) {
		if !strings.Contains(line, "level=DEBUG") {
			lines = append(lines, line)
		}
	}
	return lines
}

// asked is the panic that a case wants to happen.
const asked = "as the case asked"

// panicsAt is an echo handler that panics when it receives the word.
func panicsAt(word string) tcp.Handler {
	return tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
		buffer := make([]byte, 64)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return err
			}
			if string(buffer[:n]) == word {
				panic(asked)
			}
			if _, err := conn.Write(buffer[:n]); err != nil {
				return err
			}
		}
	})
}
