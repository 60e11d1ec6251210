package executor_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step03-statemachine/trace"
)

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
