package asyncnet

import (
	"context"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A stubborn is a connection that does not look at its context.
type stubborn struct{ cancelled atomic.Int32 }

func (p *stubborn) Poll(*future.Context) (_ error, ready bool) { return }
func (p *stubborn) Cancel()                                    { p.cancelled.Add(1) }

func TestServer_cutsWhatLastsLongerThanTheDrainTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probe := new(stubborn)
		s := serve(t, &Server{
			Handler:      func(context.Context, *executor.Runtime, Conn) future.Future[error] { return probe },
			DrainTimeout: time.Minute,
		})
		client := s.dial()
		synctest.Wait()
		begin := time.Now()
		err := s.stopped()
		require.Equal(t, time.Minute, time.Since(begin))
		requireCut(t, tcp.CutError{Cut: 1}, err)
		require.EqualValues(t, 1, probe.cancelled.Load())
		_, err = io.ReadAll(client)
		require.NoError(t, err, "the connection was cut, and is still open")
	})
}

func TestServer_cutsAtOnceWithANegativeDrainTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, &Server{
			Handler:      func(context.Context, *executor.Runtime, Conn) future.Future[error] { return new(stubborn) },
			DrainTimeout: -1,
		})
		s.dial()
		synctest.Wait()
		begin := time.Now()
		requireCut(t, tcp.CutError{Cut: 1}, s.stopped())
		require.Zero(t, time.Since(begin))
	})
}

func TestServer_tellsOfAPollThatDoesNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		s := serve(t, &Server{
			Handler: func(context.Context, *executor.Runtime, Conn) future.Future[error] {
				return future.Func[error](func(*future.Context) (error, bool) { <-release; return nil, true })
			},
			DrainTimeout: time.Minute,
		})
		s.dial()
		synctest.Wait()
		requireCut(t, tcp.CutError{Cut: 1, Stuck: 1}, s.stopped())
	})
}

// The one whose Handler runs while the others are being cut.
func TestServer_cutsAlsoTheConnectionThatIsJustBeingMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *serving
		probe := new(stubborn)
		s = serve(t, &Server{
			Handler: func(ctx context.Context, rt *executor.Runtime, _ Conn) future.Future[error] {
				s.stop()
				<-ctx.Done()
				time.Sleep(cutGrace / 2) // meanwhile the server cuts whom it can reach
				return probe
			},
			DrainTimeout: -1,
		})
		s.dial()
		begin := time.Now()
		requireCut(t, tcp.CutError{Cut: 1}, <-s.returned)
		require.Equal(t, cutGrace/2, time.Since(begin))
		require.EqualValues(t, 1, probe.cancelled.Load())
	})
}

func TestServer_tellsOfABlockingFunctionThatDoesNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		s := serve(t, &Server{
			Handler: func(_ context.Context, rt *executor.Runtime, _ Conn) future.Future[error] {
				blocking := executor.SpawnBlocking(rt, func() error { <-release; return nil })
				return future.Map(blocking, func(r future.Result[error]) error { return r.Err })
			},
			DrainTimeout: -1,
		})
		s.dial()
		synctest.Wait()
		requireCut(t, tcp.CutError{Cut: 1, Stuck: 1}, s.stopped())
	})
}

// Their connections have ended in good order, and nothing is cut.
func TestServer_tellsOfWhatAConnectionHasLeftBehind(t *testing.T) {
	for name, leave := range map[string]func(rt *executor.Runtime, release chan struct{}){
		"a blocking function": func(rt *executor.Runtime, release chan struct{}) {
			executor.SpawnBlocking(rt, func() int { <-release; return 0 }).Detach()
		},
		"a poll": func(rt *executor.Runtime, release chan struct{}) {
			executor.Spawn(rt, future.Func[int](func(*future.Context) (int, bool) { <-release; return 0, true })).Detach()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				defer close(release)
				s := serve(t, &Server{
					Handler: func(_ context.Context, rt *executor.Runtime, _ Conn) future.Future[error] {
						leave(rt, release)
						return future.Ready[error](nil)
					},
					Workers:      2,
					DrainTimeout: time.Minute,
				})
				_, err := io.ReadAll(s.dial())
				require.NoError(t, err)
				begin := time.Now()
				requireCut(t, tcp.CutError{Stuck: 1}, s.stopped())
				require.Equal(t, time.Minute+linger+cutGrace, time.Since(begin))
			})
		})
	}
}

func requireCut(t *testing.T, want tcp.CutError, err error) {
	t.Helper()
	var cut *tcp.CutError
	require.ErrorAs(t, err, &cut)
	require.Equal(t, want, *cut)
}
