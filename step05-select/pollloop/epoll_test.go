package pollloop_test

import (
	"bufio"
	"context"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/selecttest"
)

// What a client has instead of a goroutine is in the reactor; so this is for epoll alone. Over the portable network
// each client that is waited for has one.
func TestServer_hasNoGoroutineForAClient(t *testing.T) {
	needEpoll(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- newServer("epoll", 1)(&selecttest.Settings{DrainTimeout: 10 * time.Second}).Serve(ctx, listener)
	}()

	enter := func() net.Conn {
		conn, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
		_, err = bufio.NewReader(conn).ReadString('\n')
		require.NoError(t, err, "a client must be greeted")
		require.NoError(t, conn.(*net.TCPConn).SetLinger(0)) // or its port waits after the test
		return conn
	}
	enter()
	before := runtime.NumGoroutine()
	for range 300 {
		enter()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before, "300 clients more")
	stop()
	require.NoError(t, <-served)
}
