package executor_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// Nobody waits for long: who has always something to do, who computes, or a worker that sleeps must not hold up the rest.

func TestRuntime_looksAtTimersAndDriverThoughTasksAreAlwaysThere(t *testing.T) {
	for _, workers := range []int{1, 2} {
		driver := &countingDriver{Driver: executor.NewParker()}
		rt := executor.New(executor.Config{Workers: workers, Driver: driver})
		var polls atomic.Int64
		for range 10 {
			executor.Spawn(rt, forever(func(cx *future.Context) {
				polls.Add(1)
				cx.Waker().Wake()
			})).Detach()
		}
		before, turns := polls.Load(), driver.turns.Load()
		done := make(chan struct{})
		go func() {
			defer close(done)
			executor.BlockOn(rt.Sleep(time.Millisecond))
			for polls.Load() < before+10_000 {
				runtime.Gosched()
			}
		}()
		waitFor(t, done, "a timer does not fire while tasks are always runnable")
		require.GreaterOrEqual(t, driver.turns.Load()-turns+2, 10_000/61/int64(workers), "turns of the driver in 10000 polls")
		rt.Shutdown()
	}
}

// A countingDriver counts how often somebody parks.
type countingDriver struct {
	executor.Driver
	turns  atomic.Int64
	closed atomic.Int64
}

func (d *countingDriver) Park(limit time.Duration, woken []future.Waker) []future.Waker {
	d.turns.Add(1)
	return d.Driver.Park(limit, woken)
}

func (d *countingDriver) Close() error {
	d.closed.Add(1)
	return d.Driver.Close()
}

// Tasks that are always there must not keep a new one waiting: it starts within the 64 polls that a worker
// may have taken ahead, and one turn of all the others.
func TestRuntime_newTaskStartsSoonThoughOthersAreAlwaysThere(t *testing.T) {
	rt := executor.New(executor.Config{})
	defer rt.Shutdown()
	var polls atomic.Int64
	const others = 200
	for range others {
		executor.Spawn(rt, forever(func(cx *future.Context) {
			polls.Add(1)
			cx.Waker().Wake()
		})).Detach()
	}
	for range 20 {
		late := executor.Spawn(rt, future.Func[int64](func(*future.Context) (int64, bool) { return polls.Load(), true }))
		queued := polls.Load()
		started, err := late.Wait()
		require.NoError(t, err)
		require.LessOrEqual(t, started-queued, int64(others+64))
	}
}

func TestRuntime_idleDoesNothing(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		synctest.Test(t, func(t *testing.T) {
			driver := &countingDriver{Driver: executor.NewParker()}
			rt := executor.New(executor.Config{Workers: workers, Driver: driver})
			defer rt.Shutdown()
			var polls atomic.Int64
			for range 100 {
				executor.Spawn(rt, forever(func(*future.Context) { polls.Add(1) })).Detach()
				executor.Spawn(rt, rt.Sleep(time.Hour)).Detach()
			}
			synctest.Wait()
			turns := driver.turns.Load()
			time.Sleep(59 * time.Minute)
			require.EqualValues(t, 100, polls.Load())
			require.LessOrEqual(t, driver.turns.Load(), turns, "turns of the driver while nothing happens")
			time.Sleep(2 * time.Minute)
			require.Equal(t, 100, rt.Tasks())
			require.LessOrEqual(t, driver.turns.Load(), turns+10, "turns of the driver for timers that fire all at once")
		})
	}
}

// Each of the tasks waits, within its poll, until there is one on every worker.
func TestRuntime_wakesAllWorkersWhenThereIsWorkForAll(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, workers int) {
		for range 50 {
			synctest.Wait() // all are asleep
			var here sync.WaitGroup
			here.Add(workers)
			executor.Spawn(rt, call(func() {
				for range workers {
					executor.Spawn(rt, call(func() {
						here.Done()
						here.Wait()
					})).Detach()
				}
			})).Detach()
			here.Wait()
		}
	})
}

func TestRuntime_onePollThatBlocksDoesNotHoldUpTheOthers(t *testing.T) {
	const others = 200
	t.Run("tasks in the queue of its worker", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rt := executor.New(executor.Config{Workers: 2})
			defer rt.Shutdown()
			for range 20 {
				var ended sync.WaitGroup
				ended.Add(others)
				executor.Spawn(rt, call(func() {
					for i := range others + 1 {
						if i == 30 {
							executor.Spawn(rt, call(ended.Wait)).Detach() // blocks until all others have run
						} else {
							executor.Spawn(rt, call(ended.Done)).Detach()
						}
					}
				})).Detach()
				ended.Wait()
			}
		})
	})
	t.Run("timers, and connections", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rt := executor.New(executor.Config{Workers: 2})
			defer rt.Shutdown()
			later := rt.Sleep(2 * time.Hour)
			fired := make(chan struct{})
			executor.Spawn(rt, future.Map(later, func(struct{}) int { close(fired); return 0 })).Detach()
			// The timer wakes the worker that sleeps in the driver, and the task holds it until the other timer
			// has fired. So the second worker has to go to the driver.
			h := executor.Spawn(rt, future.Map(rt.Sleep(time.Hour), func(struct{}) int { <-fired; return 0 }))
			_, err := h.Wait()
			require.NoError(t, err)
		})
	})
}
