package executor_test

import (
	"errors"
	"io"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step03-statemachine/trace"
)

// What may happen to a task, step by step, on the executor for tests. What needs several workers is in
// runtime_test.go.

// outcome polls a handle that must be ready.
func outcome[T any](t *testing.T, h *executor.JoinHandle[T]) (T, error) {
	t.Helper()
	require.True(t, h.Done(), "the task should be over")
	result, ready := futuretest.Poll(h, &futuretest.Waker{})
	require.True(t, ready, "Done, and yet pending")
	return result.Value, result.Err
}

func TestSpawn_pollsOnTheExecutorAndNotHere(t *testing.T) {
	m := executor.NewManual(nil)
	p := futuretest.NewProbe[int](t, "the future")
	p.Complete(7)
	h := executor.Spawn(m, p)
	require.Zero(t, p.Polls(), "polled by Spawn itself")
	require.Equal(t, 1, m.Tasks())
	m.RunUntilStalled()
	require.Equal(t, 1, p.Polls())
	require.Zero(t, m.Tasks())
	value, err := outcome(t, h)
	require.NoError(t, err)
	require.Equal(t, 7, value)
	require.Zero(t, p.Cancels(), "cancelled though it was ready")
}

func TestWake_manyBeforeThePollAreOnePoll(t *testing.T) {
	m := executor.NewManual(nil)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p)
	m.RunUntilStalled()
	for range 1000 {
		p.Wake()
	}
	require.Equal(t, []trace.TaskID{h.ID()}, m.Queue(), "a task is in the queue once")
	m.RunUntilStalled()
	require.Equal(t, 2, p.Polls())
}

func TestWake_duringThePollIsOnePollMoreBehindAllOthers(t *testing.T) {
	m := executor.NewManual(nil)
	p := futuretest.NewProbe[int](t, "the future")
	other := executor.Spawn(m, future.Never[int]())
	p.OnPoll = func(cx *future.Context) {
		if p.Polls() == 1 {
			for range 1000 {
				cx.Waker().Wake()
			}
		}
	}
	h := executor.Spawn(m, p)
	require.True(t, m.RunTask(h.ID()))
	require.Equal(t, []trace.TaskID{other.ID(), h.ID()}, m.Queue())
	m.RunUntilStalled()
	require.Equal(t, 2, p.Polls())
}

func TestWake_afterTheEndDoesNothing(t *testing.T) {
	m := executor.NewManual(nil)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p)
	m.RunUntilStalled()
	p.Complete(1)
	m.RunUntilStalled()
	p.Wake()
	require.Empty(t, m.Queue())
	_, err := outcome(t, h)
	require.NoError(t, err)

	p = futuretest.NewProbe[int](t, "the aborted one")
	h = executor.Spawn(m, p)
	m.RunUntilStalled()
	h.Abort()
	m.RunUntilStalled()
	p.Wake()
	require.Empty(t, m.Queue())
}

// A Future that is woken for its own end, between its last word and its result, is not polled again.
func TestWake_duringTheLastPollDoesNothing(t *testing.T) {
	m := executor.NewManual(nil)
	p := futuretest.NewProbe[int](t, "the future")
	p.OnPoll = func(cx *future.Context) { cx.Waker().Wake() }
	p.Complete(1)
	executor.Spawn(m, p)
	m.RunUntilStalled()
	require.Equal(t, 1, p.Polls())
	require.Empty(t, m.Queue())
}

func TestAbort(t *testing.T) {
	type scene struct {
		m *executor.Manual
		p *futuretest.Probe[int]
		h *executor.JoinHandle[int]
		w *futuretest.Waker // of who waits for the task
	}
	start := func(t *testing.T) *scene {
		s := &scene{m: executor.NewManual(nil), p: futuretest.NewProbe[int](t, "the future"), w: &futuretest.Waker{}}
		s.h = executor.Spawn(s.m, s.p)
		_, ready := futuretest.Poll(s.h, s.w)
		require.False(t, ready)
		return s
	}
	// over checks that the task was cancelled, after so many polls.
	over := func(t *testing.T, s *scene, polls int) {
		s.m.RunUntilStalled()
		require.Equal(t, polls, s.p.Polls())
		require.Equal(t, 1, s.p.Cancels(), "how often the Future was cancelled")
		require.Equal(t, 1, s.w.Wakes(), "how often the joiner was woken")
		_, err := outcome(t, s.h)
		require.ErrorIs(t, err, executor.ErrCancelled)
		require.Zero(t, s.m.Tasks())
	}

	t.Run("before the first poll", func(t *testing.T) {
		s := start(t)
		s.h.Abort()
		over(t, s, 0)
	})
	t.Run("while it waits", func(t *testing.T) {
		s := start(t)
		s.m.RunUntilStalled()
		s.h.Abort()
		require.Zero(t, s.p.Cancels(), "the one who aborts does not cancel: a worker does")
		over(t, s, 1)
	})
	t.Run("while it is queued", func(t *testing.T) {
		s := start(t)
		s.m.RunUntilStalled()
		s.p.Wake()
		s.h.Abort()
		over(t, s, 1)
	})
	t.Run("twice", func(t *testing.T) {
		s := start(t)
		s.m.RunUntilStalled()
		s.h.Abort()
		s.h.Abort()
		require.Len(t, s.m.Queue(), 1)
		over(t, s, 1)
		s.h.Abort()
		require.Empty(t, s.m.Queue())
	})
	t.Run("and then woken", func(t *testing.T) {
		s := start(t)
		s.m.RunUntilStalled()
		s.h.Abort()
		s.p.Wake()
		over(t, s, 1)
	})
	t.Run("during a poll that is pending", func(t *testing.T) {
		s := start(t)
		s.p.OnPoll = func(*future.Context) { s.h.Abort() }
		over(t, s, 1)
	})
	t.Run("during a poll in which it was woken", func(t *testing.T) {
		s := start(t)
		s.p.OnPoll = func(cx *future.Context) {
			cx.Waker().Wake()
			s.h.Abort()
			cx.Waker().Wake()
		}
		over(t, s, 1)
	})
	t.Run("during a poll that is ready: the value wins", func(t *testing.T) {
		s := start(t)
		s.p.Complete(7)
		s.p.OnPoll = func(*future.Context) { s.h.Abort() }
		s.m.RunUntilStalled()
		require.Zero(t, s.p.Cancels())
		value, err := outcome(t, s.h)
		require.NoError(t, err)
		require.Equal(t, 7, value)
	})
	t.Run("after the end", func(t *testing.T) {
		s := start(t)
		s.p.Complete(7)
		s.m.RunUntilStalled()
		s.h.Abort()
		require.Empty(t, s.m.Queue())
		value, err := outcome(t, s.h)
		require.NoError(t, err)
		require.Equal(t, 7, value)
	})
	t.Run("and detached", func(t *testing.T) {
		s := start(t)
		s.m.RunUntilStalled()
		s.h.Abort()
		s.h.Detach()
		s.m.RunUntilStalled()
		require.Equal(t, 1, s.p.Cancels())
	})
	t.Run("of a Future that has nothing to cancel", func(t *testing.T) {
		m := executor.NewManual(nil)
		h := executor.Spawn(m, future.Never[int]())
		m.RunUntilStalled()
		h.Abort()
		m.RunUntilStalled()
		_, err := outcome(t, h)
		require.ErrorIs(t, err, executor.ErrCancelled)
	})
}

// A troubled Future does what it is told to when it is polled and when it is cancelled.
type troubled struct {
	poll, cancel func()
	cancels      int
}

func (f *troubled) Poll(*future.Context) (_ int, ready bool) {
	if f.poll != nil {
		f.poll()
	}
	return
}

func (f *troubled) Cancel() {
	f.cancels++
	if f.cancel != nil {
		f.cancel()
	}
}

func TestPanic_inAPollIsTheTasksError(t *testing.T) {
	for _, value := range []any{"boom", io.EOF, 42} {
		m := executor.NewManual(nil)
		f := &troubled{poll: func() { panic(value) }}
		h := executor.Spawn(m, f)
		w := &futuretest.Waker{}
		futuretest.Poll(h, w)
		other := executor.Spawn(m, future.Ready(1))
		m.RunUntilStalled()

		require.Equal(t, 1, w.Wakes(), "the joiner must be woken")
		require.Equal(t, 1, f.cancels, "what is left of the Future is cancelled")
		_, err := outcome(t, h)
		var panicked *executor.PanicError
		require.ErrorAs(t, err, &panicked)
		require.Equal(t, value, panicked.Value)
		require.Contains(t, string(panicked.Stack), "troubled).Poll", "the stack of the panic")
		if value == any(io.EOF) {
			require.ErrorIs(t, err, io.EOF, "a panic with an error wraps it")
		}
		require.True(t, other.Done(), "other tasks go on")
		require.Zero(t, m.Tasks())
	}
}

func TestPanic_withNilIsAPanic(t *testing.T) {
	m := executor.NewManual(nil)
	h := executor.Spawn(m, &troubled{poll: func() { panic(nil) }})
	futuretest.Poll(h, &futuretest.Waker{})
	m.RunUntilStalled()
	_, err := outcome(t, h)
	var panicked *executor.PanicError
	require.ErrorAs(t, err, &panicked)
	require.IsType(t, &runtime.PanicNilError{}, panicked.Value)
}

func TestPanic_inCancelIsTheTasksErrorUnlessThereIsOne(t *testing.T) {
	m := executor.NewManual(nil)
	aborted := &troubled{cancel: func() { panic("in cancel") }}
	h := executor.Spawn(m, aborted)
	futuretest.Poll(h, &futuretest.Waker{})
	m.RunUntilStalled()
	h.Abort()
	m.RunUntilStalled()
	var panicked *executor.PanicError
	_, err := outcome(t, h)
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, "in cancel", panicked.Value)
	require.Equal(t, 1, aborted.cancels)

	both := &troubled{poll: func() { panic("in poll") }, cancel: func() { panic("in cancel") }}
	h = executor.Spawn(m, both)
	futuretest.Poll(h, &futuretest.Waker{})
	m.RunUntilStalled()
	_, err = outcome(t, h)
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, "in poll", panicked.Value)
	require.Equal(t, 1, both.cancels)
	require.Zero(t, m.Tasks())
}

// A task that passes on the panic of another one passes on its stack, too.
func TestPanic_ofAJoinedTaskCanBePassedOn(t *testing.T) {
	m := executor.NewManual(nil)
	inner := executor.Spawn(m, &troubled{poll: func() { panic("boom") }})
	outer := executor.Spawn[int](m, future.Func[int](func(cx *future.Context) (_ int, ready bool) {
		result, ready := inner.Poll(cx)
		if ready {
			panic(result.Err)
		}
		return
	}))
	futuretest.Poll(inner, &futuretest.Waker{})
	futuretest.Poll(outer, &futuretest.Waker{})
	m.RunUntilStalled()
	_, err := outcome(t, outer)
	var panicked *executor.PanicError
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, "boom", panicked.Value)
}

func TestJoinHandle_wakesTheWakerOfItsLastPoll(t *testing.T) {
	m := executor.NewManual(nil)
	h := executor.Spawn(m, future.Ready(1))
	first, last := &futuretest.Waker{}, &futuretest.Waker{}
	futuretest.Poll(h, first)
	futuretest.Poll(h, last)
	m.RunUntilStalled()
	require.Equal(t, 0, first.Wakes(), "of the first poll")
	require.Equal(t, 1, last.Wakes(), "of the last poll")
}

func TestJoinHandle_canMoveToAnotherTask(t *testing.T) {
	m := executor.NewManual(nil)
	var g futuretest.Trigger
	h := executor.Spawn(m, &g)
	first := executor.Spawn[future.Result[struct{}]](m, future.Func[future.Result[struct{}]](
		func(cx *future.Context) (_ future.Result[struct{}], ready bool) {
			h.Poll(cx)
			return
		}))
	m.RunUntilStalled()
	second := executor.Spawn[future.Result[struct{}]](m, h)
	m.RunUntilStalled()
	g.Fire()
	m.RunUntilStalled()
	require.True(t, second.Done())
	require.False(t, first.Done())
	m.Shutdown()
}

func TestJoinHandle_givesItsResultOnce(t *testing.T) {
	m := executor.NewManual(nil)
	h := executor.Spawn(m, future.Ready(1))
	m.RunUntilStalled()
	value, err := h.Wait()
	require.NoError(t, err)
	require.Equal(t, 1, value)
	require.PanicsWithValue(t, future.PolledAfterReady, func() { futuretest.Poll(h, &futuretest.Waker{}) })
	require.PanicsWithValue(t, future.PolledAfterReady, func() { _, _ = h.Wait() })
	require.True(t, h.Done())
	h.Detach()
}

func TestJoinHandle_detachLetsTheTaskGoOn(t *testing.T) {
	m := executor.NewManual(nil)
	p := futuretest.NewProbe[int](t, "the future")
	h := executor.Spawn(m, p)
	w := &futuretest.Waker{}
	futuretest.Poll(h, w)
	h.Cancel()
	m.RunUntilStalled()
	p.Complete(1)
	m.RunUntilStalled()
	require.True(t, h.Done())
	require.True(t, p.Ready())
	require.Zero(t, w.Wakes(), "woken after it was detached")
	require.PanicsWithValue(t, future.PolledAfterReady, func() { futuretest.Poll(h, w) })
}

// Whoever sees that a task is over may rely on it that its Future was cancelled before.
func TestJoinHandle_isReadyOnlyWhenTheFutureIsGone(t *testing.T) {
	m := executor.NewManual(nil)
	var h *executor.JoinHandle[int]
	look := func() {
		require.False(t, h.Done())
		_, ready := futuretest.Poll(h, &futuretest.Waker{})
		require.False(t, ready, "the result is there, and the Future not cancelled yet")
	}
	h = executor.Spawn(m, &troubled{cancel: look})
	m.RunUntilStalled()
	h.Abort()
	m.RunUntilStalled()
	require.True(t, h.Done())

	h = executor.Spawn(m, &troubled{poll: func() { panic("boom") }, cancel: look})
	m.RunUntilStalled()
	require.True(t, h.Done())
}

func TestSpawn_fromAPollFromCancelAndFromAWake(t *testing.T) {
	m := executor.NewManual(nil)
	count := 0
	spawn := func() {
		executor.Spawn[int](m, future.Func[int](func(*future.Context) (int, bool) { count++; return 0, true })).Detach()
	}
	h := executor.Spawn(m, &troubled{poll: spawn, cancel: spawn})
	m.RunUntilStalled()
	require.Equal(t, 1, count)
	h.Abort()
	m.RunUntilStalled()
	require.Equal(t, 2, count)

	h = executor.Spawn(m, future.Ready(1))
	futuretest.Poll(h, wakerFunc(spawn))
	m.RunUntilStalled()
	require.Equal(t, 3, count)
	require.Zero(t, m.Tasks())
}

type funcWaker struct{ f func() }

func wakerFunc(f func()) future.Waker { return &funcWaker{f} }

func (w *funcWaker) Wake() { w.f() }

// A finished task keeps its result, and nothing else: neither its Future, nor who has waited for it. Wakers may
// keep the task itself for long.
func TestTask_keepsOnlyItsResult(t *testing.T) {
	type buffer struct{ data [4096]byte }
	for name, end := range map[string]func(m *executor.Manual, g *futuretest.Trigger, h *executor.JoinHandle[struct{}]){
		"ready":   func(_ *executor.Manual, g *futuretest.Trigger, _ *executor.JoinHandle[struct{}]) { g.Fire() },
		"aborted": func(_ *executor.Manual, _ *futuretest.Trigger, h *executor.JoinHandle[struct{}]) { h.Abort() },
		"shut down": func(m *executor.Manual, _ *futuretest.Trigger, _ *executor.JoinHandle[struct{}]) {
			m.Shutdown()
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := executor.NewManual(nil)
			var g futuretest.Trigger
			var kept future.Waker
			gone, h := func() (weak.Pointer[buffer], *executor.JoinHandle[struct{}]) {
				b := &buffer{}
				return weak.Make(b), executor.Spawn[struct{}](m, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
					kept = cx.Waker()
					b.data[0]++
					return g.Poll(cx)
				}))
			}()
			waiter := &futuretest.Waker{}
			waiterGone := weak.Make(waiter)
			futuretest.Poll(h, waiter)
			m.RunUntilStalled()
			end(m, &g, h)
			m.RunUntilStalled()
			require.True(t, h.Done())
			require.Equal(t, 1, waiter.Wakes())
			waiter = nil
			runtime.GC()
			require.Nil(t, gone.Value(), "the task keeps what its Future has used")
			require.Nil(t, waiterGone.Value(), "the task keeps who has waited")
			runtime.KeepAlive(kept)
			runtime.KeepAlive(h)
			runtime.KeepAlive(m)
		})
	}
}

// A result that was given away, or that nobody wants, is not kept either.
func TestJoinHandle_forgetsAResultThatIsNotWanted(t *testing.T) {
	m := executor.NewManual(nil)
	spawn := func() (*executor.JoinHandle[*[4096]byte], weak.Pointer[[4096]byte]) {
		b := new([4096]byte)
		return executor.Spawn(m, future.Ready(b)), weak.Make(b)
	}
	before, beforeGone := spawn()
	before.Detach()
	m.RunUntilStalled()
	after, afterGone := spawn()
	m.RunUntilStalled()
	after.Detach()
	taken, takenGone := spawn()
	m.RunUntilStalled()
	_, _ = taken.Wait()
	runtime.GC()
	require.Nil(t, beforeGone.Value(), "detached before the end")
	require.Nil(t, afterGone.Value(), "detached after the end")
	require.Nil(t, takenGone.Value(), "given away")
	runtime.KeepAlive(before)
	runtime.KeepAlive(after)
	runtime.KeepAlive(taken)
}

func TestSpawn_givesEachTaskAnIDOfItsOwn(t *testing.T) {
	m := executor.NewManual(nil)
	seen := map[trace.TaskID]bool{}
	for range 100 {
		h := executor.Spawn(m, future.Ready(1))
		require.NotZero(t, h.ID())
		require.False(t, seen[h.ID()])
		seen[h.ID()] = true
		m.RunUntilStalled()
	}
}

func TestBudget_endsAPollThatHasAlwaysSomethingToDo(t *testing.T) {
	m := executor.NewManual(nil)
	done := 0
	greedy := executor.Spawn[struct{}](m, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		for done < 10_000 && cx.Spend() {
			done++
		}
		return
	}))
	other := executor.Spawn(m, future.Ready(1))
	m.RunOne(0)
	require.Equal(t, 128, done, "operations in one poll")
	require.Equal(t, []trace.TaskID{other.ID(), greedy.ID()}, m.Queue(), "it comes again, behind the others")
	m.RunOne(0)
	m.RunOne(0)
	require.Equal(t, 256, done)
	m.Shutdown()
}

func TestManual_runsWhatTheTestSays(t *testing.T) {
	m := executor.NewManual(nil)
	var polled []trace.TaskID
	spawn := func() trace.TaskID {
		var h *executor.JoinHandle[int]
		h = executor.Spawn[int](m, future.Func[int](func(*future.Context) (int, bool) {
			polled = append(polled, h.ID())
			return 0, true
		}))
		return h.ID()
	}
	a, b, c, d := spawn(), spawn(), spawn(), spawn()
	require.Equal(t, []trace.TaskID{a, b, c, d}, m.Queue())
	require.True(t, m.RunTask(c))
	require.False(t, m.RunTask(c), "it is not in the queue any more")
	require.Equal(t, []trace.TaskID{a, b, d}, m.Queue())
	require.True(t, m.RunOne(0))
	m.RunUntilStalled()
	require.False(t, m.RunOne(0))
	require.Equal(t, []trace.TaskID{c, a, b, d}, polled)
}

func TestManual_hasAClockThatTheTestTurns(t *testing.T) {
	m := executor.NewManual(nil)
	start := m.Now()
	h := executor.Spawn(m, m.Sleep(time.Hour))
	m.RunUntilStalled()
	require.Equal(t, 1, m.Timers().Len())
	m.Advance(time.Hour - 1)
	require.Empty(t, m.Queue())
	m.Advance(1)
	require.Len(t, m.Queue(), 1)
	m.RunUntilStalled()
	require.True(t, h.Done())
	require.Equal(t, time.Hour, m.Now().Sub(start))
}

func TestManual_waitForATaskThatNobodyRunsPanics(t *testing.T) {
	m := executor.NewManual(nil)
	h := executor.Spawn(m, future.Ready(1))
	require.Panics(t, func() { _, _ = h.Wait() })
	m.RunUntilStalled()
	value, err := h.Wait()
	require.NoError(t, err)
	require.Equal(t, 1, value)
}

func TestManual_shutdownCancelsWhatIsLeft(t *testing.T) {
	m := executor.NewManual(nil)
	idle, queued := futuretest.NewProbe[int](t, "idle"), futuretest.NewProbe[int](t, "queued")
	first := executor.Spawn(m, idle)
	m.RunUntilStalled()
	second := executor.Spawn(m, queued)
	m.Shutdown()
	late := futuretest.NewProbe[int](t, "late")
	third := executor.Spawn(m, late)
	for _, h := range []*executor.JoinHandle[int]{first, second, third} {
		_, err := outcome(t, h)
		require.ErrorIs(t, err, executor.ErrCancelled)
	}
	require.Equal(t, []int{1, 1, 1}, []int{idle.Cancels(), queued.Cancels(), late.Cancels()})
	require.Equal(t, []int{1, 0, 0}, []int{idle.Polls(), queued.Polls(), late.Polls()})
	idle.Wake()
	require.False(t, m.RunOne(0))
	require.Zero(t, m.Tasks())
}

var errSomething = errors.New("something")

func TestPanicError_saysWhatHasHappened(t *testing.T) {
	err := error(&executor.PanicError{Value: errSomething})
	require.EqualError(t, err, "executor: task panicked: something")
	require.ErrorIs(t, err, errSomething)
	require.NoError(t, errors.Unwrap(&executor.PanicError{Value: "text"}))
}
