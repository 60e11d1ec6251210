package selecttest

import (
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
)

// Settings say what the server of a case shall do. What is 0 is for the server to choose, but for the
// Rate and the History: there it means that there is none.
type Settings struct {
	Capacity     int           // how many messages a client may be behind; a power of two
	MaxLine      int           // how many bytes a line may have
	History      int           // how many messages a room remembers
	Rate         float64       // how many lines a second a client can say for long
	Burst        int           // how many at once
	WriteTimeout time.Duration // how long a client may leave unread what is written to it
	DrainTimeout time.Duration // how long a stopping server waits for clients that don't read
	Logger       *slog.Logger
}

// Hub returns the settings that a hub has.
func (s *Settings) Hub() hub.Config {
	config := hub.Config{Capacity: s.Capacity, History: s.History}
	if s.History == 0 {
		config.History = -1
	}
	return config
}

// Client returns the settings that clients have.
func (s *Settings) Client() client.Settings {
	return client.Settings{Rate: s.Rate, Burst: s.Burst, WriteTimeout: s.WriteTimeout}
}

// Server and ServeFunc are what a case judges.
type (
	Server    = servertest.Server
	ServeFunc = servertest.ServeFunc
)

// A Subject is one implementation on one network, and how its clients talk.
type Subject struct {
	servertest.Subject[Settings]
	// Wire is how the lines of the cases travel. nil: as they are.
	Wire Wire
}

// A Wire makes a connection on which lines travel out of one on which something else does, frames of WebSocket
// say. What is written to it may be a part of a line, and is sent at once. CloseWrite says that nothing more comes, however
// that is said there; Read returns [io.EOF] only if the server has ended as it should there; Close closes conn.
//
// A client must not be told what it says itself: if it is, the Wire drops that.
type Wire func(conn lesson.Conn) lesson.Conn

// linesOnly is the Excuse of a case that is about the bytes of lines: it is none of a [Wire].
func linesOnly(because string) func(Subject) string {
	return func(s Subject) string {
		if s.Wire == nil {
			return ""
		}
		return "this is about lines: " + because
	}
}

// TestServer runs all cases against the servers that newServer returns, in memory and over loopback.
func TestServer(t *testing.T, newServer func(settings *Settings) Server) {
	t.Run("memory", func(t *testing.T) { TestServerInMemory(t, newServer) })
	t.Run("loopback", func(t *testing.T) { TestServerOverLoopback(t, newServer) })
}

// TestServerInMemory runs all cases in bubbles, where time is virtual.
func TestServerInMemory(t *testing.T, newServer func(settings *Settings) Server) {
	lesson.RunInBubble(t, Cases(), subjectOf(lesson.Memory, newServer))
}

// TestServerOverLoopback runs the cases that need neither virtual time nor connections with little room.
func TestServerOverLoopback(t *testing.T, newServer func(settings *Settings) Server) {
	lesson.Run(t, Cases(), subjectOf(lesson.Loopback, newServer))
}

func subjectOf(network lesson.Network, newServer func(settings *Settings) Server) Subject {
	return Subject{Subject: servertest.Subject[Settings]{Network: network, New: newServer}}
}

// Cases are the properties of the chat.
func Cases() []lesson.Case[Subject] {
	return slices.Concat(talkCases, commandCases, nameCases, roomCases, historyCases, lineCases, slowCases, fairCases, leaveCases, stopCases)
}

// Pass lets time pass, in memory. Over loopback it returns at once.
func (s Subject) Pass(d time.Duration) {
	if s.Network.Name == lesson.Memory.Name {
		time.Sleep(d)
		synctest.Wait()
	}
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

// connect connects a client that has not read anything yet.
func (r *running) connect() *guest {
	r.T.Helper()
	c := newClient(r.T, r.Dial(), r.subject.Wire)
	if r.subject.Wire != nil {
		c.conn = readAhead(c.conn)
		c.reader.Reset(c.conn)
	}
	return c
}

// dial connects a client, which is in the room when dial returns, and has read its name and its room, but not what was
// said there before. Those who are in the room are told that it has come.
func (r *running) dial() *guest {
	r.T.Helper()
	c := r.connect()
	c.greeted()
	return c
}

// dialSmall is dial for a connection on which only so many bytes can be under way. It is for cases in memory.
func (r *running) dialSmall(bytes int) *guest {
	r.T.Helper()
	conn, err := r.Listener.(*memnet.Listener).Dial(r.T.Context(), memnet.Buffer(bytes))
	require.NoError(r.T, err)
	r.T.Cleanup(func() { conn.Close() })
	c := newClient(r.T, conn, r.subject.Wire)
	c.greeted()
	r.subject.Settle()
	return c
}

// seat returns n clients that are all in the lobby, and have nothing to read.
func (r *running) seat(n int) []*guest {
	r.T.Helper()
	var clients []*guest
	for range n {
		c := r.dial()
		for _, other := range clients {
			other.expect("* "+c.name+" has joined #lobby", "a client has come into the room")
		}
		clients = append(clients, c)
	}
	return clients
}

// seatMuted is seat for clients who don't want to know who comes and goes.
func (r *running) seatMuted(n int) []*guest {
	r.T.Helper()
	clients := r.seat(n)
	for _, c := range clients {
		c.mute()
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
