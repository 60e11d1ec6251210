package selectloop_test

import (
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/selecttest"
	"example.com/async/step05-select/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServer(t *testing.T) { selecttest.TestServer(t, newServer) }

func newServer(s *selecttest.Settings) selecttest.Server {
	return &selectloop.Server{
		Hub: hub.New(s.Hub()), Client: s.Client(),
		MaxLine: s.MaxLine, DrainTimeout: s.DrainTimeout, Logger: s.Logger,
	}
}

// The suite runs into this only now and then: it takes somebody who falls behind at the right moment. Here it is a
// member whom nobody serves.
func TestServer_hearsAnEndThatHadToWait(t *testing.T) {
	chat := hub.New(hub.Config{Capacity: 2})
	behind := chat.Enter(hub.Entry{})
	conn, serverEnd := memnet.Pipe()
	ending := &endingConn{Conn: serverEnd, ended: make(chan struct{})}
	codec := new(countingCodec)
	served := make(chan error, 1)
	go func() {
		served <- (&selectloop.Server{Hub: chat}).ServeClient(t.Context(), ending, codec, hub.Entry{}, nil)
	}()
	_, err := conn.Read(make([]byte, 1000)) // the greeting
	require.NoError(t, err)

	for range 4 {
		behind.Do(session.Action{Verb: session.Say, Text: "and so on"})
	}
	for !behind.TooFast() { // who talks looks now and then whether somebody is behind
	}
	require.NoError(t, conn.CloseWrite())
	<-ending.ended
	// The loop does not wait now, it goes round, so a bubble could not tell when it has heard of the end.
	const many = 100
	start := time.Now()
	for before := codec.rounds.Load(); codec.rounds.Load() < before+many && time.Since(start) < patience; {
		runtime.Gosched()
	}
	behind.Leave()
	select {
	case err := <-served:
		require.NoError(t, err)
	case <-time.After(patience):
		require.Fail(t, "a client has half-closed while somebody was behind, and is still served")
	}
	serverEnd.Close()
	_, err = io.ReadAll(conn)
	require.NoError(t, err)
}

// patience is how long the test waits for what must come.
const patience = 5 * time.Second

// An endingConn tells when it has been read to its end.
type endingConn struct {
	*memnet.Conn
	once  sync.Once
	ended chan struct{}
}

func (c *endingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == io.EOF {
		c.once.Do(func() { close(c.ended) }) // who lingers reads it again
	}
	return n, err
}

// A countingCodec counts how often the loop has gone round: each time it looks for replies.
type countingCodec struct {
	session.Lines
	rounds atomic.Int64
}

func (c *countingCodec) AppendReplies(dst []byte) []byte {
	c.rounds.Add(1)
	return dst
}
