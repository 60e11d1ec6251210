package executor_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step03-statemachine/trace"
)

// Each event is recorded just before the step that it names. So a test can let something happen right
// there, where two steps lie apart, instead of hoping that chance does it once.

// between returns a Manual that calls f before each step of that kind, once f is set.
func between(kind trace.Kind) (m *executor.Manual, f *func()) {
	f = new(func())
	tr := trace.New(100)
	tr.OnEvent = func(e trace.Event) {
		if happens := *f; e.Kind == kind && happens != nil {
			*f = nil
			happens()
		}
	}
	return executor.NewManual(tr), f
}

func TestWake_betweenTheAnswerPendingAndTheEndOfThePollIsNotLost(t *testing.T) {
	m, happens := between(trace.PollPending)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p)
	*happens = func() { p.Complete(7) }
	m.RunUntilStalled()
	require.True(t, h.Done(), "the Future was woken after it had said pending, and is not polled again")
	require.Equal(t, 2, p.Polls())
}

func TestWake_justBeforeThePollBeginsIsThatPoll(t *testing.T) {
	m, happens := between(trace.PollStart)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p)
	m.RunUntilStalled()
	p.Wake()
	*happens = func() { p.Complete(7) }
	m.RunUntilStalled()
	require.True(t, h.Done())
	require.Equal(t, 2, p.Polls())
}

func TestAbort_justBeforeThePollBeginsCancelsInstead(t *testing.T) {
	m, happens := between(trace.PollStart)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p)
	*happens = h.Abort
	m.RunUntilStalled()
	require.Equal(t, 0, p.Polls())
	require.Equal(t, 1, p.Cancels())
}

func TestAbort_betweenTheAnswerReadyAndTheResultChangesNothing(t *testing.T) {
	for _, kind := range []trace.Kind{trace.PollReady, trace.Completed} {
		m, happens := between(kind)
		p := futuretest.NewProbe[int](t, "the future")
		h := executor.Spawn(m, p)
		p.Complete(7)
		*happens = h.Abort
		m.RunUntilStalled()
		value, err := h.Wait()
		require.NoError(t, err)
		require.Equal(t, 7, value)
		require.Empty(t, m.Queue())
	}
}

func TestJoinHandle_seesTheEndThatComesWhileItRegisters(t *testing.T) {
	m, happens := between(trace.Joined)
	h := executor.Spawn(m, future.Ready(7))
	*happens = m.RunUntilStalled
	w := &futuretest.Waker{}
	_, ready := futuretest.Poll(h, w)
	require.True(t, ready || w.Wakes() > 0, "the task has ended while its joiner registered: he was neither told nor woken")
}

func TestJoinHandle_thatRegistersJustBeforeTheEndIsWoken(t *testing.T) {
	m, happens := between(trace.Completed)
	h := executor.Spawn(m, future.Ready(7))
	w := &futuretest.Waker{}
	*happens = func() {
		_, ready := futuretest.Poll(h, w)
		require.False(t, ready)
	}
	m.RunUntilStalled()
	require.Equal(t, 1, w.Wakes())
	value, err := h.Wait()
	require.NoError(t, err)
	require.Equal(t, 7, value)
}

// The worker has looked for tasks and found none. Before it says that it will sleep, a task is woken.
func TestRuntime_seesTheWakeThatComesBeforeItAnnouncesThatItSleeps(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		synctest.Test(t, func(t *testing.T) {
			tr := trace.New(100)
			var once sync.Mutex
			var happens func()
			tr.OnEvent = func(e trace.Event) {
				once.Lock()
				f := happens
				if e.Kind == trace.Parked {
					happens = nil
				}
				once.Unlock()
				if e.Kind == trace.Parked && f != nil {
					f()
				}
			}
			rt := executor.New(executor.Config{Workers: workers, Trace: tr})
			defer rt.Shutdown()
			p := futuretest.NewProbe[int](t, "the future")
			h := executor.Spawn(rt, p)
			synctest.Wait()
			once.Lock()
			happens = func() { p.Complete(7) }
			once.Unlock()
			executor.Spawn(rt, call(func() {})).Detach() // wakes a worker, which falls asleep again
			synctest.Wait()
			require.True(t, h.Done(), "a worker looked for tasks, found none, and fell asleep over a wake")
		})
	}
}

func TestTrace_tellsTheStoryOfATask(t *testing.T) {
	tr := trace.New(100)
	m := executor.NewManual(tr)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p) // task 1
	m.RunOne(3)
	waker := executor.Spawn(m, call(func() { p.Complete(7) })) // task 2
	futuretest.Poll(h, &futuretest.Waker{})
	m.RunUntilStalled()
	_, _ = waker.Wait()
	sleeper := executor.Spawn(m, m.Sleep(time.Second)) // task 3
	m.RunUntilStalled()
	m.Advance(time.Second)
	sleeper.Abort()
	m.RunUntilStalled()

	want := []trace.Event{
		{Kind: trace.Spawned, Task: 1},
		{Kind: trace.PollStart, Task: 1, Worker: 3},
		{Kind: trace.PollPending, Task: 1, Worker: 3},
		{Kind: trace.Spawned, Task: 2},
		{Kind: trace.Joined, Task: 1},
		{Kind: trace.PollStart, Task: 2},
		{Kind: trace.Woken, Task: 1, By: 2, Source: trace.Task},
		{Kind: trace.PollReady, Task: 2},
		{Kind: trace.Completed, Task: 2},
		{Kind: trace.PollStart, Task: 1},
		{Kind: trace.PollReady, Task: 1},
		{Kind: trace.Completed, Task: 1},
		{Kind: trace.Joined, Task: 2},
		{Kind: trace.Spawned, Task: 3},
		{Kind: trace.PollStart, Task: 3},
		{Kind: trace.PollPending, Task: 3},
		{Kind: trace.TimerFired, Task: 3},
		{Kind: trace.Woken, Task: 3, Source: trace.Timer},
		{Kind: trace.Aborted, Task: 3},
		{Kind: trace.Cancelled, Task: 3},
		{Kind: trace.Completed, Task: 3},
	}
	var got []trace.Event
	for _, e := range tr.Snapshot() {
		e.At = 0
		got = append(got, e)
	}
	require.Equal(t, want, got)
}

// count returns how many events of a kind the runtime records while f runs and until it is idle again.
func count(tr *trace.Trace, kind trace.Kind, f func()) (n int) {
	before := len(tr.Snapshot())
	f()
	synctest.Wait()
	for _, e := range tr.Snapshot()[before:] {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func TestTrace_ofARuntimeTellsWhoWokeWhom(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		synctest.Test(t, func(t *testing.T) {
			tr := trace.New(10_000)
			rt := executor.New(executor.Config{Workers: workers, Trace: tr})
			defer rt.Shutdown()
			p := futuretest.NewProbe[int](t, "the future")
			sleeper := executor.Spawn(rt, rt.Sleep(time.Second))
			waiting := executor.Spawn(rt, p)
			synctest.Wait()
			p.Wake()
			synctest.Wait()
			waker := executor.Spawn(rt, call(p.Wake))
			time.Sleep(2 * time.Second)
			synctest.Wait()
			waiting.Abort()
			synctest.Wait()
			var wakes []trace.Event
			for _, e := range tr.Snapshot() {
				if e.Kind == trace.Woken {
					e.At, e.Worker = 0, 0
					wakes = append(wakes, e)
				}
			}
			require.Equal(t, []trace.Event{
				{Kind: trace.Woken, Task: waiting.ID(), Source: trace.Outside},
				{Kind: trace.Woken, Task: waiting.ID(), By: waker.ID(), Source: trace.Task},
				{Kind: trace.Woken, Task: sleeper.ID(), Source: trace.Timer},
			}, wakes)
		})
	}
}

func TestRuntime_oneTaskWakesOneWorker(t *testing.T) {
	for _, workers := range []int{1, 2, 4} {
		synctest.Test(t, func(t *testing.T) {
			tr := trace.New(100_000)
			driver := &countingDriver{Driver: executor.NewParker()}
			rt := executor.New(executor.Config{Workers: workers, Driver: driver, Trace: tr})
			defer rt.Shutdown()
			// The driver returns once. So whoever sleeps in it has fallen asleep as the last one.
			executor.BlockOn(rt.Sleep(time.Second))
			synctest.Wait()
			turns := driver.turns.Load()
			for range 50 {
				woken := count(tr, trace.Unparked, func() { executor.Spawn(rt, call(func() {})).Detach() })
				require.Equal(t, 1, woken, "workers that one task has woken, of %d", workers)
			}
			if workers > 1 {
				require.Equal(t, turns, driver.turns.Load(), "who sleeps in the driver stays there while others can work")
			}
		})
	}
}

// Who leaves the driver for a task calls another worker there, since the task may take long.
func TestRuntime_theDriverIsNeverLeftWhileAWorkerSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := trace.New(100_000)
		rt := executor.New(executor.Config{Workers: 4, Trace: tr})
		defer rt.Shutdown()
		h := executor.Spawn(rt, rt.Sleep(time.Second))
		synctest.Wait()
		woken := count(tr, trace.Unparked, func() { _, _ = h.Wait() })
		require.LessOrEqual(t, woken, 2, "one for the timer and its task, one for the driver")
	})
}
