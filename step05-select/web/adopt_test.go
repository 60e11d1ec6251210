package web_test

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/pollloop"
	"example.com/async/step05-select/soak/wire"
	"example.com/async/step05-select/web"
)

// On epoll a client of the page is what a terminal is, a Future: the goroutine on which the HTTP server has read its
// handshake ends when the connection is handed over.
func TestSite_hasNoGoroutineForAClientOnEpoll(t *testing.T) {
	needEpoll(t)
	chat := hub.New(hub.Config{})
	engine := pollloop.New(pollloop.Config{Hub: chat, Network: func() (asyncnet.Network, error) { return asyncnet.New("epoll") }})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	stop, err := begin(ctx, engine, listener)
	require.NoError(t, err)
	stats := new(httpd.Stats)
	site := &web.Site{Hub: chat, Serve: engine.ServeClient, HTTP: stats}
	server := &httpd.Server{Handler: site.Handler(), Stats: stats, MaxConns: 1000} // limited, as the command's is
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener) }()

	enter := func(i int) wire.Conn {
		conn, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		client, err := wire.WebSocket(conn, wire.Entry{Name: fmt.Sprintf("client%d", i)})
		require.NoError(t, err)
		_, err = client.Next()
		require.NoError(t, err, "a client must be greeted")
		return client
	}
	// settle waits until the HTTP server is done with all of them.
	settle := func() (goroutines int) {
		require.Eventually(t, func() bool { return stats.Snapshot().Connections.Now == 0 }, patience, time.Millisecond,
			"clients of the page were handed over, and the HTTP server still serves their connections")
		return runtime.NumGoroutine()
	}
	enter(0)
	before := settle()
	const clients = 50
	var last wire.Conn
	for i := range clients {
		last = enter(i + 1)
	}
	settle()
	var after int
	for start := time.Now(); time.Since(start) < patience/10; time.Sleep(time.Millisecond) {
		if after = runtime.NumGoroutine(); after <= before {
			break
		}
	}
	require.LessOrEqual(t, after, before, "%d clients more are in the chat:\n%s", clients, stacks())
	require.EqualValues(t, clients+1, chat.Stats().Users.Load())

	require.NoError(t, last.Say([]byte("still here")))
	for {
		event, err := last.Next()
		require.NoError(t, err, "a client that was handed over speaks")
		if event.Text == "still here" {
			break
		}
	}
	cancel()
	require.NoError(t, <-served)
	require.NoError(t, stop())
}

// stacks are all goroutines.
func stacks() string {
	buffer := make([]byte, 1<<20)
	return strings.TrimSpace(string(buffer[:runtime.Stack(buffer, true)]))
}
