package tcp_test

import (
	"context"
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

// What a handler can do with its connection.

func TestConn_leavesTheHandlersDeadlinesAlone(t *testing.T) {
	inHandler(t, func(t *testing.T, conn net.Conn) {
		begin := time.Now()
		assert.NoError(t, conn.SetDeadline(begin.Add(time.Hour))) // later than both limits
		_, err := conn.Read(make([]byte, 1))
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.Equal(t, time.Hour, time.Since(begin), "reading")

		assert.NoError(t, conn.SetDeadline(time.Now().Add(time.Hour)))
		_, err = conn.Write(make([]byte, 1<<20)) // more than the client's buffer takes
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.Equal(t, 2*time.Hour, time.Since(begin), "writing")
	})
}

func TestConn_hasNoLimitIfThatIsNegative(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		returned := serve(ctx, listener, &tcp.Server{IdleTimeout: -1, WriteTimeout: -1, Handler: tcp.HandlerFunc(tcp.Echo)})
		client := dialMemory(t, listener)
		time.Sleep(24 * time.Hour)
		_, err := client.Write([]byte("x"))
		require.NoError(t, err)
		_, err = client.Read(make([]byte, 1))
		require.NoError(t, err, "who asks for -1 s wants no limit: every client was cut at once")
		stop()
		require.NoError(t, <-returned)
	})
}

func TestConn_givesTheAcceptedConnectionItself(t *testing.T) {
	inHandler(t, func(t *testing.T, conn net.Conn) {
		assert.IsType(t, (*memnet.Conn)(nil), conn.(interface{ NetConn() net.Conn }).NetConn())
	})
}

// inHandler calls check in the handler of a server that has every limit set. Its client is silent.
func inHandler(t *testing.T, check func(t *testing.T, conn net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		returned := serve(ctx, listener, &tcp.Server{
			MaxConns: 1, IdleTimeout: time.Minute, WriteTimeout: time.Minute,
			Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
				defer stop()
				check(t, conn)
				return nil
			}),
		})
		dialMemory(t, listener)
		require.NoError(t, <-returned)
	})
}
