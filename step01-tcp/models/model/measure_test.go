package model

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// long is a slow client's time that no test waits for: a model that serves the
// others meanwhile is measured as soon as they have their answers.
const long = time.Minute

func TestMeasure_concurrentModelsHoldEveryClient(t *testing.T) {
	const conns = 200
	// The runtime has threads of its own, and more of them on large machines.
	const own = 50
	for name, threads := range map[string]struct{ least, most int }{
		"a thread each":    {conns, conns + own},
		"a goroutine each": {1, own},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := Measure(t.Context(), named(t, name), Options{Conns: conns, Slow: long})
			require.NoError(t, err)
			assert.Empty(t, result.Notes)
			assert.Equal(t, conns, result.Held)
			assert.Zero(t, result.Unanswered)
			assert.Less(t, result.Last, long, "the others must not wait for the slow client")

			assert.LessOrEqual(t, result.Empty.Threads, own)
			assert.GreaterOrEqual(t, result.Full.Threads, threads.least)
			assert.LessOrEqual(t, result.Full.Threads, threads.most)

			perConn, ok := result.PerConn()
			require.True(t, ok)
			assert.Greater(t, perConn, int64(4<<10), "the buffer of tcp.Echo alone has 4 KiB")
			assert.Less(t, perConn, int64(256<<10))
		})
	}
}

func TestMeasure_oneAtATimeHoldsOneAndLetsTheOthersWait(t *testing.T) {
	const slow = 200 * time.Millisecond
	result, err := Measure(t.Context(), named(t, "one at a time"), Options{Conns: 20, Slow: slow})
	require.NoError(t, err)
	assert.Empty(t, result.Notes)
	assert.Equal(t, 1, result.Held)
	assert.GreaterOrEqual(t, result.Last, slow, "nobody is served before the slow client has gone")
	assert.Zero(t, result.Unanswered, "but afterwards all are")
	_, ok := result.PerConn()
	assert.False(t, ok, "the memory of one connection drowns in what the runtime takes")
}

func TestMeasure_tellsOfAServerThatCrashes(t *testing.T) {
	result, err := Measure(t.Context(), crashing, Options{Conns: 3, Slow: long})
	require.NoError(t, err)
	require.Len(t, result.Notes, 2, "one for each of its two processes")
	for _, note := range result.Notes {
		assert.Equal(t, "the server ended: panic: as the test asked", note)
	}
	assert.LessOrEqual(t, result.Held, 1)
	assert.Equal(t, 3, result.Unanswered)
	assert.Equal(t, []string{"crashing", result.cells()[1], "-", "-", "-"}, result.cells(), "there is nothing to tell but how many it held")
}

func TestMeasure_tellsOfAServerThatGivesUp(t *testing.T) {
	result, err := Measure(t.Context(), failing, Options{Conns: 1, Slow: long})
	require.NoError(t, err)
	require.NotEmpty(t, result.Notes)
	assert.Equal(t, "the server ended: permission denied", result.Notes[0])
	assert.Zero(t, result.Held)
}

func TestMeasure_failsWhenTheServersProgramDoesNotKnowTheModel(t *testing.T) {
	_, err := Measure(t.Context(), Model{Name: "unheard of"}, Options{Conns: 1, Slow: long})
	require.ErrorContains(t, err, `there is no model "unheard of"`)
}

func TestMeasure_endsItsServerWithTheContext(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	server, err := startChild(ctx, named(t, "a goroutine each"))
	require.NoError(t, err)
	interrupt()
	_ = server.stop() // an error if it was killed before it ended by itself
	require.NotNil(t, server.command.ProcessState, "the process must have ended, and been waited for")

	_, err = Measure(ctx, named(t, "a goroutine each"), Options{Conns: 1, Slow: long})
	require.ErrorIs(t, err, context.Canceled)
}

func TestHold_endsWithTheContextThoughClientsWait(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	address := silentServer(t, interrupt)
	_, err := hold(ctx, address, 10, long, func() { t.Error("there is no peak to look at") })
	require.ErrorIs(t, err, context.Canceled)
}

func TestBehindSlow_endsWithTheContextThoughClientsWait(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	_, unanswered, err := behindSlow(ctx, silentServer(t, interrupt), 10, long)
	require.Error(t, err)
	require.Equal(t, 10, unanswered)
}

// silentServer accepts connections, calls accepted for each, and answers none.
func silentServer(t *testing.T, accepted func()) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		acceptEach(ctx, listener, func(conn net.Conn) {
			accepted()
			context.AfterFunc(ctx, func() { conn.Close() })
		})
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return listener.Addr().String()
}

func named(t *testing.T, name string) Model {
	for _, m := range All() {
		if m.Name == name {
			return m
		}
	}
	require.Fail(t, "no such model", name)
	return Model{}
}
