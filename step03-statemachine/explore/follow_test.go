package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// Two threads of two steps, of which b must not end first.
func aBeforeB(w *explore.World) {
	aEnded := false
	w.Go("a", func() { w.Point("a's second step"); aEnded = true })
	w.Go("b", func() { w.Point("b's second step"); w.Assert(aEnded, "b was first") })
}

func TestFollow_stopsAtTheEndOfTheSchedule(t *testing.T) {
	p, err := explore.Follow("", aBeforeB)
	require.NoError(t, err)
	require.Empty(t, p.Steps)
	require.Equal(t, []explore.Step{{"a", "start"}, {"b", "start"}}, p.Next)

	p, err = explore.Follow("b a", aBeforeB)
	require.NoError(t, err)
	require.Equal(t, []explore.Step{{"b", "start"}, {"a", "start"}}, p.Steps)
	require.Equal(t, []explore.Step{{"a", "a's second step"}, {"b", "b's second step"}}, p.Next)
	require.Nil(t, p.Failure)

	p, err = explore.Follow("b a a b", aBeforeB)
	require.NoError(t, err)
	require.Len(t, p.Steps, 4)
	require.Empty(t, p.Next)
	require.Nil(t, p.Failure)
}

func TestFollow_tellsHowTheProgramHasFailed(t *testing.T) {
	p, err := explore.Follow("a b b", aBeforeB)
	require.NoError(t, err)
	require.Empty(t, p.Next)
	require.NotNil(t, p.Failure)
	require.Equal(t, "b was first", p.Failure.Message)
	require.Equal(t, explore.Replay("a b b", aBeforeB), p.Failure)
}

func TestFollow_refusesWhatCannotGoOn(t *testing.T) {
	for schedule, want := range map[string]string{
		"c":           "step 1 of the schedule: c cannot go on here",
		"a a a":       "step 3 of the schedule: a cannot go on here",
		"a a b b a":   "step 5 of the schedule: the program is over",
		"b b a":       "step 3 of the schedule: the program is over",
		"a a b b a b": "step 5 of the schedule: the program is over",
	} {
		_, err := explore.Follow(schedule, aBeforeB)
		require.EqualError(t, err, want)
	}
}

// A counter that may be raised to 2, by somebody who needs not come to an end.
func raised(w *explore.World) {
	n := 0
	w.Whenever("raise", "raise it", func() bool { return n < 2 }, func() {
		w.Point("write")
		n++
	})
	w.AtEnd(func() { require.Equal(w, 2, n) })
}

func TestWhenever_happensAgainAndNeedsNoEnd(t *testing.T) {
	p, err := explore.Follow("raise raise raise", raised)
	require.NoError(t, err)
	require.Equal(t, []explore.Step{{"raise", "raise it"}, {"raise", "write"}, {"raise", "raise it"}}, p.Steps)
	require.Equal(t, []explore.Step{{"raise", "write"}}, p.Next)
	p, err = explore.Follow("raise raise raise raise", raised)
	require.NoError(t, err)
	require.Empty(t, p.Next)
	require.Nil(t, p.Failure, "it rests")
	stats := explore.Check(t, explore.Limits{}, raised)
	require.Equal(t, explore.Stats{Orders: 1, Complete: true}, stats)
}

func TestWhenever_waitsInTheMiddleAsEveryThread(t *testing.T) {
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		w.Whenever("half", "begin", func() bool { return true }, func() {
			w.Wait("the rest", func() bool { return false })
		})
	})
	require.NotNil(t, failure)
	require.Equal(t, `lost wake-up: half waits for "the rest", and nobody is left to bring it about`, failure.Message)
}

func TestWatch_tellsEachEventWithItsStep(t *testing.T) {
	type seen struct {
		step int
		kind trace.Kind
	}
	var events []seen
	program := func(w *explore.World) {
		events = nil
		m := executor.NewManual(w.Watch(func(step int, e trace.Event) { events = append(events, seen{step, e.Kind}) }))
		h := executor.Spawn(m, future.Future[struct{}](future.Func[struct{}](func(*future.Context) (_ struct{}, ready bool) {
			w.Point("in the middle of the poll")
			return struct{}{}, true
		})))
		w.Whenever("worker", "poll", func() bool { return len(m.Queue()) > 0 }, func() { m.RunTask(h.ID()) })
	}
	whole := []seen{{0, trace.Spawned}, {1, trace.PollStart}, {2, trace.PollReady}, {2, trace.Completed}}
	_, err := explore.Follow("worker worker", program)
	require.NoError(t, err)
	require.Equal(t, whole, events)
	_, err = explore.Follow("worker", program)
	require.NoError(t, err)
	require.Equal(t, whole[:2], events, "the poll is cut off, and nothing of that is told")
}
