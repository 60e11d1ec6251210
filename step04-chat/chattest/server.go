package chattest

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/internal/lesson/servertest"
)

// Settings say what the server of a case shall do. What is 0 is for the server to choose, but not
// less than the step's own server: see package chat.
type Settings struct {
	Capacity     int           // how many messages a client may be behind; a power of two
	MaxLine      int           // how many bytes a line may have
	WriteTimeout time.Duration // how long a client may leave unread what is written to it
	DrainTimeout time.Duration // how long a stopping server waits for clients that don't read
	Logger       *slog.Logger
}

// Server, ServeFunc and Subject are what a case judges.
type (
	Server    = servertest.Server
	ServeFunc = servertest.ServeFunc
	Subject   = servertest.Subject[Settings]
)

// TestServer runs all cases against the servers that newServer returns, in memory and over
// loopback.
func TestServer(t *testing.T, newServer func(settings *Settings) Server) {
	servertest.Run(t, Cases(), newServer)
}

// Cases are the properties of a chat room.
func Cases() []lesson.Case[Subject] {
	return slices.Concat(talkCases, lineCases, slowCases, leaveCases)
}

// patience is how long a client waits for what must come. It is virtual in a bubble; over loopback a
// loaded machine may need some of it.
const patience = 20 * time.Second

// A running server, and what it has logged.
type running struct {
	*servertest.Running
	subject Subject
	log     *servertest.Logbook
}

// serve starts the subject's server. When the case ends the server is stopped, and must return.
func serve(t lesson.T, subject Subject, settings Settings) *running {
	listener, err := subject.Network.Listen()
	require.NoError(t, err)
	r := &running{subject: subject, log: new(servertest.Logbook)}
	settings.Logger = r.log.Logger()
	if settings.DrainTimeout == 0 {
		settings.DrainTimeout = time.Second
	}
	t.Cleanup(func() { require.NotContains(t, r.log.String(), "panic", "a goroutine of the server panicked") })
	r.Running = servertest.Start(t, subject.Network, listener, subject.New(&settings))
	return r
}

// dial connects a client. That it is in the room already, nobody knows: see seat.
func (r *running) dial() *client {
	r.T.Helper()
	return newClient(r.T, r.Dial())
}

// dialSmall connects a client on whose connection only so many bytes can be under way: it is for cases
// in memory, where the client is in the room when dialSmall returns.
func (r *running) dialSmall(bytes int) *client {
	r.T.Helper()
	conn, err := r.Listener.(*memnet.Listener).Dial(r.T.Context(), memnet.Buffer(bytes))
	require.NoError(r.T, err)
	r.T.Cleanup(func() { conn.Close() })
	r.subject.Settle()
	return newClient(r.T, conn)
}

// seat returns n clients that are all in the room, and have nothing to read.
func (r *running) seat(n int) []*client {
	r.T.Helper()
	first := r.dial()
	clients := []*client{first}
	for len(clients) < n {
		c := r.dial()
		r.subject.Settle()
		// Whoever is heard is in. Over loopback the first one may still be on its way in: then say it again.
		for try := 0; ; try++ {
			require.Less(r.T, try, 100, "a client said hello, again and again, and another one must get %q", c.line("hello"))
			c.say("hello")
			if first.hears(c.line("hello"), patience/100) {
				break
			}
		}
		clients = append(clients, c)
	}
	if n > 1 {
		// What was said again may still be on its way, but in each one's order it is before this.
		for _, c := range clients[1:] {
			c.say("seated")
			first.skipTo(c.line("seated"))
		}
		first.say("begin")
		for _, c := range clients[1:] {
			c.skipTo(first.line("begin"))
		}
	}
	return clients
}

// stopped fails the case unless Serve returns nil in time.
func (r *running) stopped(sentence string) {
	r.T.Helper()
	select {
	case err := <-r.Returned:
		require.NoError(r.T, err, "Serve should have stopped in good order: "+sentence)
	case <-time.After(patience):
		require.Fail(r.T, "Serve has not returned", sentence)
	}
}
