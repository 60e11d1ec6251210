package httpdtest

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step02-http/httpd"
)

// Server, ServeFunc and Subject are what a case judges: a server that takes the settings of an
// [httpd.Server]. For the SiteCases it may ignore them, if it serves the [Site] anyway.
type (
	Server    = servertest.Server
	ServeFunc = servertest.ServeFunc
	Subject   = servertest.Subject[httpd.Server]
)

// TestServer runs all cases against the servers that newServer returns: [TestServerInMemory],
// [TestServerByteByByte] and [TestServerOverLoopback].
func TestServer(t *testing.T, newServer func(settings *httpd.Server) Server) {
	t.Run("memory", func(t *testing.T) { TestServerInMemory(t, newServer) })
	t.Run("byte-by-byte", func(t *testing.T) { TestServerByteByByte(t, newServer) })
	t.Run("loopback", func(t *testing.T) { TestServerOverLoopback(t, newServer) })
}

// TestServerInMemory runs all cases in memory: in virtual time, but for the CostCases.
func TestServerInMemory(t *testing.T, newServer func(settings *httpd.Server) Server) {
	subject := Subject{New: newServer, Network: lesson.Memory}
	lesson.RunInBubble(t, slices.Concat(SiteCases(), EngineCases()), subject)
	lesson.Run(t, CostCases(), subject)
}

// TestServerByteByByte runs the SiteCases over a network that cuts the stream at every byte. A
// server that starts something for each read takes a while: 2 MiB are sent.
func TestServerByteByByte(t *testing.T, newServer func(settings *httpd.Server) Server) {
	lesson.RunInBubble(t, cutCases(), Subject{New: newServer, Network: byteByByteNetwork})
}

// TestServerOverLoopback runs the cases that need no virtual time, over real TCP.
func TestServerOverLoopback(t *testing.T, newServer func(settings *httpd.Server) Server) {
	cases := slices.Concat(SiteCases(), EngineCases())
	lesson.Run(t, cases, Subject{New: newServer, Network: lesson.Loopback})
}

// SiteCases are the properties of any server for [Site].
func SiteCases() []lesson.Case[Subject] {
	return slices.Concat(syntaxCases, framingCases, connectionCases, responseCases, limitCases, fileCases, encodingCases)
}

// EngineCases are the properties of a server that takes the settings of an [httpd.Server].
func EngineCases() []lesson.Case[Subject] {
	return slices.Concat(timeCases, stopCases, handlerCases)
}

// byteByByteNetwork is [lesson.Memory] with connections of which each Read returns one byte.
var byteByByteNetwork = lesson.Network{
	Name:   lesson.Memory.Name,
	Listen: func() (net.Listener, error) { return memnet.Listen(memnet.Segments(1)), nil },
	Dial:   lesson.Memory.Dial,
}

// cutCases are the SiteCases that hold however the stream is cut: all but the one that says what
// is done with requests that come in one piece.
func cutCases() []lesson.Case[Subject] {
	return slices.DeleteFunc(SiteCases(), func(c lesson.Case[Subject]) bool { return c.Name == "pipelining-one-write" })
}

// CostCases compare how much work a server has. They run over [lesson.Memory], and in real
// time: [lesson.Run], [lesson.JudgeInRealTime].
func CostCases() []lesson.Case[Subject] { return slices.Clone(costCases) }

// How long a client waits for what must come. It is virtual in a bubble; over
// loopback a loaded machine may need some of it.
const (
	// promptness is shorter than any time limit of the server, but for the second for
	// which it lingers: what must come at once must not come because one is over.
	promptness = 8 * time.Second
	// patience is longer than all of them.
	patience = 2 * time.Minute
)

// A running server, and what it has logged.
type running struct {
	*servertest.Running
	log *servertest.Logbook
}

// serveSite starts the subject's server for the Site.
func serveSite(t lesson.T, subject Subject) *running {
	return serve(t, subject, &httpd.Server{})
}

// serve starts the subject's server on a listener of its own; without a handler,
// for the Site. When the case ends the server is stopped, and must return.
func serve(t lesson.T, subject Subject, settings *httpd.Server) *running {
	listener, err := subject.Network.Listen()
	require.NoError(t, err)
	r := &running{log: new(servertest.Logbook)}
	settings.Logger = r.log.Logger()
	if settings.Handler == nil {
		settings.Handler = Site()
	}
	r.Running = servertest.Start(t, subject.Network, listener, subject.New(settings))
	return r
}

// dial connects a client, whose end is closed when the case ends.
func (r *running) dial() *client {
	r.T.Helper()
	return newClient(r.T, r.Dial())
}

// stopped fails the case unless Serve returns nil in time.
func (r *running) stopped() {
	r.T.Helper()
	select {
	case err := <-r.Returned:
		require.NoError(r.T, err, "Serve should have stopped in good order")
	case <-time.After(patience):
		require.Fail(r.T, "Serve has not returned", "the server was told to stop")
	}
}

// stoppedAtOnce fails the case, with the sentence, unless Serve returns nil without having
// waited for anything. It is for bubbles: only virtual time stands still while somebody works.
func (r *running) stoppedAtOnce(sentence string) {
	r.T.Helper()
	began := time.Now()
	select {
	case err := <-r.Returned:
		require.Zero(r.T, time.Since(began), sentence)
		require.NoError(r.T, err, "Serve should have stopped in good order")
	case <-time.After(patience):
		require.Fail(r.T, "Serve has not returned", sentence)
	}
}

// stillServes fails the case, with the sentence, unless a new client is served.
func (r *running) stillServes(sentence string) {
	r.T.Helper()
	conn, err := r.TryDial()
	require.NoError(r.T, err, sentence)
	defer conn.Close()
	c := newClient(r.T, conn)
	c.send(get("/"))
	c.expect(200, helloText, sentence)
}
