package pictures

import (
	"context"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// Two clients of an echo server that has one worker. The server is asyncnet's own, in virtual time.
func TestPicture_ofTwoConnectionsOnOneWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ms = time.Millisecond
		events := trace.New(1000)
		listener := memnet.Listen()
		server := &asyncnet.Server{
			Handler: slowEcho,
			Network: func() (asyncnet.Network, error) { return asyncnet.NewPortable(), nil },
			Trace:   events,
		}
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { stopped <- server.Serve(ctx, listener) }()

		client := func(arrives time.Duration, pauses ...time.Duration) {
			time.Sleep(arrives)
			conn, err := listener.Dial(t.Context())
			require.NoError(t, err)
			for _, pause := range pauses {
				time.Sleep(pause)
				_, err := conn.Write([]byte("hello"))
				require.NoError(t, err)
				_, err = io.ReadFull(conn, make([]byte, 5))
				require.NoError(t, err)
			}
			time.Sleep(2 * ms)
			require.NoError(t, conn.Close())
		}
		done := make(chan struct{})
		go func() {
			client(1*ms, 4*ms, 5*ms)
			done <- struct{}{}
		}()
		go func() {
			client(3*ms, 4*ms, 9*ms)
			done <- struct{}{}
		}()
		<-done
		<-done
		time.Sleep(2 * ms)
		film := withoutNaps(events.Snapshot())
		stop()
		require.NoError(t, <-stopped)

		for id, name := range []string{"network", "accept loop", "client A", "client B"} {
			film.Label(trace.TaskID(id), name)
		}
		compare(t, "03-connections.svg", film)
	})
}

// withoutNaps returns a trace of the same events, but for the sleeps that end in the moment in
// which they begin: whether a worker parks at all before it is woken is a matter of nanoseconds,
// which virtual time doesn't have.
func withoutNaps(events []trace.Event) *trace.Trace {
	var at time.Duration
	film := trace.New(len(events))
	film.Clock = func() time.Duration { return at }
	awake := func(e trace.Event) bool { return e.Kind == trace.Unparked }
	for i, e := range events {
		if e.Kind == trace.Parked {
			if end := i + slices.IndexFunc(events[i:], awake); end > i && events[end].At == e.At {
				events[end].At = -1 // to be left out
				continue
			}
		}
		if at = e.At; at >= 0 {
			film.Record(e)
		}
	}
	return film
}

// slowEcho is the echo whose every poll takes a millisecond, so that it can be seen.
func slowEcho(ctx context.Context, rt *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
	echo := asyncnet.Echo(ctx, rt, conn)
	return future.Func[error](func(cx *future.Context) (error, bool) {
		time.Sleep(time.Millisecond)
		return echo.Poll(cx)
	})
}
