package executor_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// What a Runtime must do with any number of workers. Most of it runs in bubbles of testing/synctest: time passes only
// when everybody waits, so a timer is exactly on time or wrong, and a lost wake is a deadlock that is reported
// at once.

// onWorkers runs test in a bubble, with runtimes of 1, 2 and 4 workers, and shuts them down.
func onWorkers(t *testing.T, test func(t *testing.T, rt *executor.Runtime, workers int)) {
	for _, workers := range []int{1, 2, 4} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt := executor.New(executor.Config{Workers: workers, Logger: slog.New(slog.DiscardHandler)})
				defer rt.Shutdown()
				test(t, rt, workers)
			})
		})
	}
}

// call makes a Future of a function that is polled once.
func call(f func()) future.Future[struct{}] {
	return future.Func[struct{}](func(*future.Context) (struct{}, bool) { f(); return struct{}{}, true })
}

// forever is a Future that is never ready, and calls f at each poll.
func forever(f func(cx *future.Context)) future.Future[struct{}] {
	return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) { f(cx); return })
}

// waitFor returns when done is closed. If that takes very long, it fails the test with a sentence instead
// of hanging.
func waitFor(t *testing.T, done <-chan struct{}, sentence string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal(sentence)
	}
}

func TestRuntime_sleepsExactlyAsLongAsItShould(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		start := time.Now()
		var handles []*executor.JoinHandle[time.Duration]
		for i := range 100 {
			sleep := rt.Sleep(time.Duration(i) * time.Minute)
			handles = append(handles, executor.Spawn(rt, future.Map(sleep, func(struct{}) time.Duration { return time.Since(start) })))
		}
		for i, h := range handles {
			slept, err := h.Wait()
			require.NoError(t, err)
			require.Equal(t, time.Duration(i)*time.Minute, slept)
		}
	})
}

// Nobody wakes a worker here but the new deadline itself: BlockOn polls the Sleep on the test's goroutine.
func TestRuntime_anEarlierDeadlineWakesTheDriver(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		executor.Spawn(rt, rt.Sleep(time.Hour)).Detach()
		synctest.Wait() // the driver sleeps for an hour
		start := time.Now()
		executor.BlockOn(rt.Sleep(time.Second))
		require.Equal(t, time.Second, time.Since(start))
	})
}

func TestRuntime_oneWorkerIsOneGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := executor.New(executor.Config{})
		defer rt.Shutdown()
		seen := map[uint64]bool{} // without a lock: the race detector says if that is wrong
		var handles []*executor.JoinHandle[struct{}]
		for i := range 100 {
			f := future.Map(rt.Sleep(time.Duration(i%3)*time.Second), func(struct{}) struct{} {
				seen[executor.GoroutineNumber()] = true
				return struct{}{}
			})
			handles = append(handles, executor.Spawn(rt, f))
		}
		for _, h := range handles {
			h.Wait()
		}
		require.Len(t, seen, 1)
		require.NotContains(t, seen, executor.GoroutineNumber())
	})
}

func TestRuntime_oneWorkerIsFirstInFirstOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := executor.New(executor.Config{})
		defer rt.Shutdown()
		const tasks, rounds = 1000, 5 // many more than a worker takes at a time
		var order []int
		executor.Spawn(rt, call(func() {
			for i := range tasks {
				n := 0
				executor.Spawn[struct{}](rt, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
					order = append(order, i)
					n++
					cx.Waker().Wake()
					return struct{}{}, n == rounds
				})).Detach()
			}
		})).Detach()
		synctest.Wait()
		require.Len(t, order, tasks*rounds)
		for i, task := range order {
			require.Equal(t, i%tasks, task, "poll number %d", i)
		}
	})
}

// The tasks yield, spawn others, and are woken from elsewhere: no poll is missing, and none is too many.
func TestRuntime_pollsEveryTaskAsOftenAsItWasWoken(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		const producers, tasks, yields = 4, 300, 7
		var polls, children atomic.Int64
		var all sync.WaitGroup
		for range producers {
			all.Go(func() {
				for range tasks {
					n := 0
					executor.Spawn[struct{}](rt, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
						polls.Add(1)
						if n == yields {
							executor.Spawn(rt, call(func() { children.Add(1) })).Detach()
							return struct{}{}, true
						}
						n++
						cx.Waker().Wake()
						return
					})).Detach()
				}
			})
		}
		all.Wait()
		synctest.Wait()
		require.EqualValues(t, producers*tasks*(yields+1), polls.Load())
		require.EqualValues(t, producers*tasks, children.Load())
		require.Zero(t, rt.Tasks())
	})
}

// A thousand tasks that wait for the same thing are woken once each.
func TestRuntime_aThousandWakesAreAThousandPolls(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		const tasks = 1000
		var polls atomic.Int64
		var wakers [tasks]future.Waker
		for i := range tasks {
			executor.Spawn(rt, forever(func(cx *future.Context) {
				polls.Add(1)
				wakers[i] = cx.Waker()
			})).Detach()
		}
		synctest.Wait()
		require.EqualValues(t, tasks, polls.Load())
		executor.Spawn(rt, call(func() {
			for _, w := range wakers {
				w.Wake()
			}
		})).Detach()
		synctest.Wait()
		require.EqualValues(t, 2*tasks, polls.Load())
	})
}

// What was written before a wake is visible to the poll, also if another wake has queued the task already. It is the
// race detector that judges.
func TestRuntime_pollSeesWhatWasWrittenBeforeTheWake(t *testing.T) {
	for _, workers := range []int{1, 2} {
		rt := executor.New(executor.Config{Workers: workers})
		const writers = 4
		var written [writers]int // each by one goroutine, without a lock
		var published [writers]atomic.Bool
		var waker atomic.Pointer[future.Waker]
		started := make(chan struct{})
		h := executor.Spawn[int](rt, future.Func[int](func(cx *future.Context) (sum int, ready bool) {
			if waker.Load() == nil {
				w := cx.Waker()
				waker.Store(&w)
				close(started)
			}
			for i := range written {
				if !published[i].Load() {
					return 0, false
				}
			}
			for _, v := range written {
				sum += v
			}
			return sum, true
		}))
		<-started
		for i := range writers {
			go func() {
				written[i] = 1
				published[i].Store(true)
				(*waker.Load()).Wake()
			}()
		}
		sum, err := h.Wait()
		require.NoError(t, err)
		require.Equal(t, writers, sum)
		rt.Shutdown()
	}
}

// The window: the worker finds nothing and goes to sleep, and just then a wake comes.
func TestRuntime_losesNoWakeWhileItFallsAsleep(t *testing.T) {
	for _, processors := range []int{1, 2} {
		for _, workers := range []int{1, 2, 4} {
			t.Run(fmt.Sprintf("%d processors, %d workers", processors, workers), func(t *testing.T) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
				rt := executor.New(executor.Config{Workers: workers})
				defer rt.Shutdown()
				polled := make(chan future.Waker, 1)
				executor.Spawn(rt, forever(func(cx *future.Context) { polled <- cx.Waker() })).Detach()
				patience := time.NewTimer(8 * time.Second)
				for round := range 3000 {
					select {
					case waker := <-polled:
						for range rand.N(300) { // somewhere on the worker's way to its sleep
							runtime.KeepAlive(round)
						}
						if round%3 == 0 {
							runtime.Gosched()
						}
						waker.Wake()
					case <-patience.C:
						t.Fatalf("in round %d a task was woken, and nobody polls it: a worker looked for tasks, found none, and fell asleep over the wake", round)
					}
				}
				<-polled
			})
		}
	}
}

// The window: the joiner looks, finds the task still running, and registers; meanwhile the task ends.
func TestJoinHandle_isNotLostWhenTheTaskEndsWhileSomebodyRegisters(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) {
			rt := executor.New(executor.Config{Workers: workers})
			defer rt.Shutdown()
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range 2000 {
					// One is joined by this goroutine, one by a task.
					executor.Spawn(rt, call(func() {})).Wait()
					executor.Spawn[future.Result[struct{}]](rt, executor.Spawn(rt, call(func() {}))).Wait()
					h := executor.Spawn(rt, future.Never[int]())
					go h.Abort()
					h.Wait()
				}
			}()
			waitFor(t, done, "somebody waits for a task that is over: he was not woken, and has not looked again after he had registered")
		})
	}
}

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

func TestRuntime_aPanicOrGoexitEndsOneTaskOnly(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		for range 20 {
			exits := &troubled{poll: runtime.Goexit}
			panics := &troubled{poll: func() { panic("boom") }}
			first, second := executor.Spawn(rt, exits), executor.Spawn(rt, panics)
			_, err := first.Wait()
			require.ErrorIs(t, err, executor.ErrGoexit)
			require.Equal(t, 1, exits.cancels)
			_, err = second.Wait()
			require.ErrorAs(t, err, new(*executor.PanicError))
			value, err := executor.Spawn(rt, future.Ready(7)).Wait()
			require.NoError(t, err)
			require.Equal(t, 7, value)
		}
		exits := executor.Spawn(rt, &troubled{cancel: runtime.Goexit})
		synctest.Wait()
		exits.Abort()
		_, err := exits.Wait()
		require.ErrorIs(t, err, executor.ErrCancelled)
		executor.Spawn(rt, rt.Sleep(time.Second)).Wait()
	})
}

func TestRuntime_logsThePanicThatNobodyWaitsFor(t *testing.T) {
	var logged bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		rt := executor.New(executor.Config{Logger: slog.New(slog.NewTextHandler(&logged, nil))})
		waiting := executor.Spawn(rt, &troubled{poll: func() { panic("one that is waited for") }})
		_, err := waiting.Wait()
		require.Error(t, err)
		executor.Spawn(rt, &troubled{poll: func() { panic("detached") }}).Detach()
		executor.Spawn(rt, &troubled{poll: func() { panic("forgotten") }})
		executor.Spawn(rt, &troubled{poll: runtime.Goexit}).Detach()
		synctest.Wait()
		rt.Shutdown()
	})
	lines := logged.String()
	require.Equal(t, 1, strings.Count(lines, "panic=detached"), "%s", lines)
	require.Equal(t, 1, strings.Count(lines, "panic=forgotten"), "%s", lines)
	require.Contains(t, lines, "troubled).Poll", "with the stack")
}

func TestRuntime_wakeAndPollAllocateNothing(t *testing.T) {
	rt := executor.New(executor.Config{})
	defer rt.Shutdown()
	polled := make(chan future.Waker, 1)
	executor.Spawn(rt, forever(func(cx *future.Context) { polled <- cx.Waker() })).Detach()
	waker := <-polled
	perWake := testing.AllocsPerRun(2000, func() {
		waker.Wake()
		<-polled
	})
	require.Less(t, perWake, 0.5)
}
