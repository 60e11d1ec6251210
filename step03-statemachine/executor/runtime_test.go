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

// onWorkers runs test in a bubble, with runtimes of 1 to 4 workers, and shuts them down.
func onWorkers(t *testing.T, test func(t *testing.T, rt *executor.Runtime, workers int)) {
	for _, workers := range []int{1, 2, 3, 4} {
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
