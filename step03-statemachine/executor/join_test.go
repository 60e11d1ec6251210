package executor_test

import (
	"runtime"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

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
