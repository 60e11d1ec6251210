package servertest

import (
	"context"
	"net"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// dialLimit is how long a client waits for its connection. It is virtual in a bubble; over
// loopback a loaded machine may need some of it.
const dialLimit = 10 * time.Second

// A Running is a server that runs for the time of one case.
type Running struct {
	// T is what the case reports to.
	T lesson.T
	// Listener is the server's, for its address.
	Listener net.Listener
	// Stop tells the server to stop: it ends the context of Serve. It does not wait.
	Stop context.CancelFunc
	// Returned holds what Serve returned, once it has.
	Returned <-chan error

	network lesson.Network
}

// Start lets a server serve a listener of that network, on a goroutine of its own. When the
// case ends, the server is stopped and its listener closed, in case it has forgotten to; and
// Serve must return, or the case hangs, which its watchdog tells.
func Start(t lesson.T, network lesson.Network, listener net.Listener, server Server) *Running {
	ctx, stop := context.WithCancel(context.Background())
	returned, done := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(done)
		returned <- server.Serve(ctx, listener)
	}()
	t.Cleanup(func() {
		stop()
		listener.Close()
		<-done
	})
	return &Running{T: t, Listener: listener, Stop: stop, Returned: returned, network: network}
}

// Dial connects a client, whose end is closed when the case ends. It fails the case if that
// can't be done.
func (r *Running) Dial() lesson.Conn {
	r.T.Helper()
	conn, err := r.TryDial()
	require.NoError(r.T, err, "a client could not connect: does the server still accept?")
	return conn
}

// TryDial is Dial for a case that expects to be refused.
func (r *Running) TryDial() (lesson.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), dialLimit)
	defer cancel()
	conn, err := r.network.Dial(ctx, r.Listener)
	if err != nil {
		return nil, err
	}
	r.T.Cleanup(func() { conn.Close() })
	return conn, nil
}
