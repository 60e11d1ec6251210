package tcp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

// What this Server promises about its end beyond the cases of the suite, which
// leave it to each implementation.

func TestServe_endsAsInAStopWhenItsListenerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		returned := serve(t.Context(), listener, &tcp.Server{
			DrainTimeout: time.Hour,
			Handler:      tcp.HandlerFunc(func(ctx context.Context, _ net.Conn) error { <-ctx.Done(); return nil }),
		})
		dialMemory(t, listener)
		synctest.Wait()
		gone := errors.New("the network card is gone")
		start := time.Now()
		listener.FailAccept(gone)
		require.ErrorIs(t, <-returned, gone)
		assert.Zero(t, time.Since(start), "the handlers must be told at once")
		assert.ErrorIs(t, listener.Close(), net.ErrClosed, "Serve closes the listener, whatever has ended it")
	})
}

func TestServe_closesAConnectionThatComesWithTheStop(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	client, accepted := memnet.Pipe()
	defer client.Close()
	server := &tcp.Server{Handler: tcp.HandlerFunc(func(context.Context, net.Conn) error {
		t.Error("the server has stopped, and serves a connection")
		return nil
	})}
	require.NoError(t, server.Serve(ctx, stopsWhileItAccepts{memnet.Listen(), accepted, stop}))
	assert.True(t, accepted.Closed(), "who else would close it?")
}

// stopsWhileItAccepts returns a connection at the moment in which the server is stopped.
type stopsWhileItAccepts struct {
	net.Listener
	conn net.Conn
	stop context.CancelFunc
}

func (l stopsWhileItAccepts) Accept() (net.Conn, error) {
	l.stop()
	return l.conn, nil
}

func TestServe_cutsReadersAndWritersWithADeadlineFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, wait := range map[string]func(net.Conn) error{
			"in Read":  func(conn net.Conn) error { _, err := io.Copy(io.Discard, conn); return err },
			"in Write": func(conn net.Conn) error { _, err := conn.Write(make([]byte, 1<<20)); return err },
		} {
			ended := make(chan error, 1)
			listener := memnet.Listen()
			ctx, stop := context.WithCancel(t.Context())
			returned := serve(ctx, listener, &tcp.Server{
				DrainTimeout: time.Second,
				Handler:      tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error { ended <- wait(conn); return nil }),
			})
			dialMemory(t, listener)
			synctest.Wait()
			stop()
			var cut *tcp.CutError
			require.ErrorAs(t, <-returned, &cut, name)
			assert.Equal(t, tcp.CutError{Cut: 1}, *cut, name)
			assert.ErrorIs(t, <-ended, os.ErrDeadlineExceeded, "%s: a closed connection would look like a bug of the handler", name)
		}
	})
}

func TestServe_closesTheConnectionOfADeafHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener, deaf := memnet.Listen(), make(chan struct{})
		defer close(deaf)
		ctx, stop := context.WithCancel(t.Context())
		returned := serve(ctx, listener, &tcp.Server{
			DrainTimeout: time.Second,
			Handler:      tcp.HandlerFunc(func(context.Context, net.Conn) error { <-deaf; return nil }),
		})
		client := dialMemory(t, listener)
		synctest.Wait()
		stop()
		require.Error(t, <-returned)
		assert.True(t, client.Peer().Closed(), "the handler cannot be ended, but its client must not wait for it")
	})
}

// serve starts a server; what Serve returns comes out of the channel.
func serve(ctx context.Context, listener net.Listener, server *tcp.Server) <-chan error {
	returned := make(chan error, 1)
	go func() { returned <- server.Serve(ctx, listener) }()
	return returned
}

func dialMemory(t *testing.T, listener *memnet.Listener) *memnet.Conn {
	t.Helper()
	client, err := listener.Dial(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	return client
}
