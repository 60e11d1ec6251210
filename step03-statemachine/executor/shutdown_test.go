package executor_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// Wakes, ends, aborts and spawns go on while the runtime shuts down.
func TestShutdown_cancelsEachTaskOnceWhateverGoesOn(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		for range 50 {
			driver := &countingDriver{Driver: executor.NewParker()}
			rt := executor.New(executor.Config{Workers: workers, Driver: driver})
			var probes []*futuretest.Probe[int]
			var handles []*executor.JoinHandle[int]
			for i := range 50 {
				p := futuretest.NewProbe[int](t, fmt.Sprint("task ", i))
				probes, handles = append(probes, p), append(handles, executor.Spawn(rt, p))
			}
			var all sync.WaitGroup
			all.Go(func() {
				for range 300 {
					i := rand.N(len(probes))
					probes[i].Wake()
					switch rand.N(20) {
					case 0:
						probes[i].Complete(i)
					case 1:
						handles[i].Abort()
					}
				}
			})
			all.Go(func() {
				for range 30 {
					p := futuretest.NewProbe[int](t, "late")
					h := executor.Spawn(rt, p)
					p.Wake()
					if h.Done() {
						_, err := h.Wait()
						assert.ErrorIs(t, err, executor.ErrCancelled)
					}
				}
			})
			for range rand.N(100) {
				runtime.Gosched()
			}
			rt.Shutdown()
			all.Wait()
			require.Zero(t, rt.Tasks())
			require.EqualValues(t, 1, driver.closed.Load())
			for i, h := range handles {
				_, err := h.Wait()
				if err != nil {
					require.ErrorIs(t, err, executor.ErrCancelled)
				}
				require.Equal(t, err != nil, probes[i].Cancels() == 1, "cancelled once, or ready")
				require.NotEqual(t, probes[i].Ready(), err != nil)
			}
		}
	}
}

func TestShutdown_wakesWhoWaitsAndWaitsForPolls(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		joined := make(chan error)
		h := executor.Spawn(rt, future.Never[int]())
		go func() {
			_, err := h.Wait()
			joined <- err
		}()
		polling, goOn := make(chan struct{}), make(chan struct{})
		running := executor.Spawn(rt, call(func() {
			close(polling)
			<-goOn
		}))
		<-polling
		down := make(chan struct{})
		go func() {
			rt.Shutdown()
			close(down)
		}()
		again := make(chan struct{})
		go func() {
			rt.Shutdown()
			close(again)
		}()
		synctest.Wait()
		for _, early := range []chan struct{}{down, again} {
			select {
			case <-early:
				t.Fatal("Shutdown has returned while a task is being polled")
			default:
			}
		}
		close(goOn)
		require.ErrorIs(t, <-joined, executor.ErrCancelled)
		<-down
		<-again
		_, err := running.Wait()
		require.NoError(t, err, "the poll that was running was its last, and has a value")
		rt.Shutdown()
	})
}

func TestShutdown_thenSpawnIsCancelledAtOnce(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		var late *executor.JoinHandle[int]
		p := futuretest.NewProbe[int](t, "spawned while the runtime shuts down")
		executor.Spawn(rt, &troubled{cancel: func() { late = executor.Spawn(rt, p) }})
		synctest.Wait()
		rt.Shutdown()
		require.True(t, late.Done())
		require.Equal(t, 1, p.Cancels())
		_, err := late.Wait()
		require.ErrorIs(t, err, executor.ErrCancelled)

		p = futuretest.NewProbe[int](t, "spawned afterwards")
		h := executor.Spawn(rt, p)
		require.True(t, h.Done())
		require.Equal(t, 1, p.Cancels())
		require.Zero(t, rt.Tasks())
		h.Abort()
		require.Equal(t, 1, p.Cancels())
	})
}

// A test that fails in a Cancel does that.
func TestShutdown_goesOnAfterACancelThatCallsGoexit(t *testing.T) {
	driver := &countingDriver{Driver: executor.NewParker()}
	rt := executor.New(executor.Config{Driver: driver})
	p := futuretest.NewProbe[int](t, "the first, which is cancelled last")
	h := executor.Spawn(rt, p)
	leaving := executor.Spawn(rt, &troubled{cancel: runtime.Goexit})
	var down sync.WaitGroup
	down.Go(rt.Shutdown)
	down.Wait()
	require.Zero(t, rt.Tasks())
	require.Equal(t, 1, p.Cancels())
	require.EqualValues(t, 1, driver.closed.Load())
	for _, err := range []error{errorOf(h.Wait()), errorOf(leaving.Wait())} {
		require.ErrorIs(t, err, executor.ErrCancelled)
	}
	rt.Shutdown() // which would wait for ever if the first one had not come to its end
}

func errorOf[T any](_ T, err error) error { return err }
