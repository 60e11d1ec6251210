package crowd

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/load/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inBubble runs a test with a server in memory, and the members that it may gather.
func inBubble(t *testing.T, server *httpd.Server, test func(t *testing.T, members Members)) {
	synctest.Test(t, func(t *testing.T) {
		server.Handler = httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) { w.WriteString("hello") })
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- server.Serve(ctx, listener) }()
		request, err := client.NewRequest("GET", "test", "/", nil, "")
		require.NoError(t, err)
		test(t, Members{
			Dial:    func(ctx context.Context) (net.Conn, error) { return listener.Dial(ctx) },
			Request: request, Timeout: time.Second,
		})
		stop()
		require.NoError(t, <-done)
	})
}

func TestGather_holdsItsConnectionsUntilItLeaves(t *testing.T) {
	stats := new(httpd.Stats)
	inBubble(t, &httpd.Server{Stats: stats}, func(t *testing.T, members Members) {
		members.Idle, members.Slow = 150, 20 // more than are dialled at a time
		crowd, err := Gather(t.Context(), members)
		require.NoError(t, err)
		synctest.Wait() // a slow member has arrived when its byte is sent, whoever has accepted it
		assert.EqualValues(t, 170, stats.Snapshot().Connections.Now)
		<-time.After(9 * time.Second) // a second before slow heads have taken too long
		assert.EqualValues(t, 170, stats.Snapshot().Connections.Now)
		idle, slow := crowd.Ended()
		assert.Zero(t, idle+slow)
		crowd.Leave()
		synctest.Wait()
		assert.Zero(t, stats.Snapshot().Connections.Now)
	})
}

func TestGather_comesAgainWhenTheServerEndsAConnection(t *testing.T) {
	inBubble(t, &httpd.Server{}, func(t *testing.T, members Members) {
		members.Idle, members.Slow = 3, 2
		crowd, err := Gather(t.Context(), members)
		require.NoError(t, err)
		defer crowd.Leave()
		<-time.After(25 * time.Second) // 10 s are allowed for a head, 60 s for being idle
		idle, slow := crowd.Ended()
		assert.Zero(t, idle)
		assert.EqualValues(t, 4, slow)
		<-time.After(40 * time.Second)
		idle, _ = crowd.Ended()
		assert.EqualValues(t, 3, idle)
	})
}

func TestGather_tellsHowManyTheServerAllows(t *testing.T) {
	inBubble(t, &httpd.Server{MaxConns: 4}, func(t *testing.T, members Members) {
		members.Idle = 10
		_, err := Gather(t.Context(), members)
		require.ErrorContains(t, err, "of 10 connections beside the measured ones, 4 were served")
	})
}

func TestGather_tellsWhyNoConnectionWasOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := errors.New("connection refused")
		_, err := Gather(t.Context(), Members{
			Dial: func(context.Context) (net.Conn, error) { return nil, refused },
			Idle: 2, Timeout: time.Second,
		})
		require.ErrorIs(t, err, refused)
		require.NotContains(t, err.Error(), "how many does the server allow?")
	})
}

func TestGather_endsWithItsContext(t *testing.T) {
	inBubble(t, &httpd.Server{MaxConns: 1}, func(t *testing.T, members Members) {
		members.Idle = 2
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := Gather(ctx, members)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
