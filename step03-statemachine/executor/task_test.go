package executor_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step03-statemachine/trace"
)

// What may happen to a task, step by step, on the executor for tests: how it is woken and polled. How it ends
// is in ending_test.go, and who hears of that in join_test.go. What needs several workers is in runtime_test.go
// and fairness_test.go.

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
