package executor_test

import (
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

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

var errSomething = errors.New("something")

func TestPanicError_saysWhatHasHappened(t *testing.T) {
	err := error(&executor.PanicError{Value: errSomething})
	require.EqualError(t, err, "executor: task panicked: something")
	require.ErrorIs(t, err, errSomething)
	require.NoError(t, errors.Unwrap(&executor.PanicError{Value: "text"}))
}
