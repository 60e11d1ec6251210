package explore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSearch_runsEachOrderOnce(t *testing.T) {
	orders := make(map[string]int)
	_, stats := explore.Search(explore.Limits{}, func(w *explore.World) {
		var order []string
		for _, name := range []string{"a", "b", "c"} {
			w.Go(name, func() {
				order = append(order, name)
				w.Point("second step")
				order = append(order, name)
			})
		}
		w.AtEnd(func() { orders[strings.Join(order, "")]++ })
	})
	// Three threads of two steps each: 6!/(2!2!2!) orders.
	require.Equal(t, explore.Stats{Orders: 90, Complete: true}, stats)
	require.Len(t, orders, 90)
	for order, times := range orders {
		require.Equal(t, 1, times, order)
	}
}

func TestSearch_withinPreemptionsSaysThatItIsNotComplete(t *testing.T) {
	two := func(w *explore.World) {
		for _, name := range []string{"a", "b"} {
			w.Go(name, func() { w.Point("second step") })
		}
	}
	_, none := explore.Search(explore.Limits{Preemptions: -1}, two)
	require.Equal(t, explore.Stats{Orders: 2}, none, "aabb and bbaa")
	_, one := explore.Search(explore.Limits{Preemptions: 1}, two)
	require.Equal(t, explore.Stats{Orders: 4}, one, "and abba and baab")
	_, all := explore.Search(explore.Limits{Preemptions: 2}, two)
	require.Equal(t, explore.Stats{Orders: 6, Complete: true}, all, "and abab and baba")
}

func TestSearch_stopsAfterAsManyOrdersAsItMay(t *testing.T) {
	_, stats := explore.Search(explore.Limits{Orders: 7}, func(w *explore.World) {
		for _, name := range []string{"a", "b"} {
			w.Go(name, func() { w.Point("second step"); w.Point("third step") })
		}
	})
	require.Equal(t, explore.Stats{Orders: 7}, stats)
}

func TestSearch_findsTheOrderWithTheFewestPreemptions(t *testing.T) {
	// Wrong only if b's step comes between a's second and third.
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		place := 0
		w.Go("a", func() {
			for place < 5 {
				w.Point("go on")
				place++
			}
		})
		w.Go("b", func() { require.NotEqual(w, 2, place) })
	})
	require.NotNil(t, failure)
	require.Equal(t, "a a a b", failure.Schedule)
}

func TestSearch_reportsAPanicOfAThread(t *testing.T) {
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		w.Go("a", func() { panic("oh") })
	})
	require.NotNil(t, failure)
	require.Equal(t, "a panicked: oh", failure.Message)
}

func TestSearch_reportsAProgramThatPanicsBeforeItsThreadsRun(t *testing.T) {
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		w.Go("a", func() {})
		w.Go("a", func() {})
	})
	require.NotNil(t, failure)
	require.Equal(t, `the program's set-up panicked: explore: there are two threads "a"`, failure.Message)
}

func TestSearch_reportsACheckThatFails(t *testing.T) {
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		var order string
		for _, name := range []string{"a", "b"} {
			w.Go(name, func() { order += name })
		}
		w.AtEnd(func() {
			if order != "ab" {
				w.Errorf("order %s", order)
			}
		})
	})
	require.NotNil(t, failure)
	require.Equal(t, "order ba", failure.Message)
	require.Equal(t, "b a", failure.Schedule)
}

func TestSearch_reportsAThreadThatGoesOnForEver(t *testing.T) {
	failure, _ := explore.Search(explore.Limits{Steps: 50}, func(w *explore.World) {
		w.Go("busy", func() {
			for {
				w.Point("look again")
			}
		})
	})
	require.NotNil(t, failure)
	require.Equal(t, "not at its end after 50 steps", failure.Message)
}

func TestSearch_reportsAProgramThatIsNotDeterministic(t *testing.T) {
	runs := 0
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		runs++
		w.Go("a", func() {})
		if runs == 1 {
			w.Go("b", func() {})
		}
	})
	require.NotNil(t, failure)
	require.Contains(t, failure.Message, "not deterministic")
}

func TestSearch_unwindsThreadsThatNeverEnd(t *testing.T) {
	cleaned := 0
	_, stats := explore.Search(explore.Limits{}, func(w *explore.World) {
		w.Go("a", func() {
			defer func() { cleaned++ }()
			defer w.Point("a point on the way out")
			w.Wait("never", func() bool { return false })
		})
	})
	require.Equal(t, 1, stats.Orders)
	require.Equal(t, 1, cleaned)
}

func TestSearch_runsThreadsThatThreadsHaveStarted(t *testing.T) {
	_, stats := explore.Search(explore.Limits{}, func(w *explore.World) {
		ended := false
		w.Go("parent", func() {
			w.Go("child", func() { ended = true })
			w.Wait("the child's end", func() bool { return ended })
		})
		w.AtEnd(func() { require.True(w, ended) })
	})
	require.Equal(t, explore.Stats{Orders: 1, Complete: true}, stats)
}

func TestTrace_makesAPointOfEachEvent(t *testing.T) {
	program := func(w *explore.World) {
		tr := w.Trace()
		tr.Label(1, "hello")
		tr.Record(trace.Event{Kind: trace.Spawned, Task: 1}) // no thread: no point
		polled := false
		w.Go("worker", func() {
			tr.Record(trace.Event{Kind: trace.PollStart, Task: 1, Note: "Waiting"})
			polled = true
		})
		w.Go("waker", func() {
			tr.Record(trace.Event{Kind: trace.Woken, Task: 1})
			require.False(w, polled, "woken too late")
		})
	}
	failure, _ := explore.Search(explore.Limits{}, program)
	require.NotNil(t, failure)
	require.Equal(t, []explore.Step{
		{"worker", "start"}, {"worker", "poll hello (Waiting)"},
		{"waker", "start"}, {"waker", "woken hello"},
	}, failure.Steps)
}

func TestReplay_runsTheScheduleThatWasFound(t *testing.T) {
	program := func(w *explore.World) {
		var order string
		for _, name := range []string{"a", "b"} {
			w.Go(name, func() {
				order += name
				w.Point("second step")
				order += name
			})
		}
		w.AtEnd(func() { require.NotEqual(w, "baab", order) })
	}
	failure, _ := explore.Search(explore.Limits{}, program)
	require.NotNil(t, failure)
	require.Equal(t, "b a a b", failure.Schedule)
	again := explore.Replay(failure.Schedule, program)
	require.Equal(t, failure.Steps, again.Steps)
	require.Nil(t, explore.Replay("a b b a", program))
	require.Nil(t, explore.Replay("", program))
}

func TestReplay_refusesAScheduleOfAnotherProgram(t *testing.T) {
	failure := explore.Replay("a c", func(w *explore.World) {
		w.Go("a", func() {})
		w.Go("b", func() {})
	})
	require.NotNil(t, failure)
	require.Equal(t, "step 2 of the schedule: c cannot go on here", failure.Message)
}

// A recorder is a *testing.T that Check may fail.
type recorder struct{ errors, logs []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func TestCheck_failsTheTestWithTheOrderAndOnlyThen(t *testing.T) {
	threads := func(f func(w *explore.World)) explore.Program {
		return func(w *explore.World) {
			for _, name := range []string{"a", "b"} {
				w.Go(name, func() { w.Point("second step"); f(w) })
			}
		}
	}
	fine := threads(func(*explore.World) {})

	var wrong recorder
	explore.Check(&wrong, explore.Limits{}, threads(func(w *explore.World) { w.Errorf("oh") }))
	require.Len(t, wrong.errors, 1)
	require.Contains(t, wrong.errors[0], "order 1 of the program fails: oh\n")

	var right recorder
	explore.Check(&right, explore.Limits{}, fine)
	require.Empty(t, right.errors)
	require.Equal(t, []string{"no failure in 6 orders, which are all"}, right.logs)

	var bounded recorder
	explore.Check(&bounded, explore.Limits{Preemptions: 1}, fine)
	require.Empty(t, bounded.errors)
	require.Equal(t, []string{"no failure in 4 orders, which are all with at most 1 preemptions"}, bounded.logs)

	var tooMany recorder
	explore.Check(&tooMany, explore.Limits{Orders: 5}, fine)
	require.Len(t, tooMany.errors, 1)
}

func BenchmarkSearch(b *testing.B) {
	program := func(w *explore.World) {
		for _, name := range []string{"a", "b"} {
			w.Go(name, func() {
				for range 7 {
					w.Point("step")
				}
			})
		}
	}
	for b.Loop() {
		_, stats := explore.Search(explore.Limits{}, program)
		require.Equal(b, explore.Stats{Orders: 12870, Complete: true}, stats)
	}
	b.ReportMetric(float64(b.N)*12870/b.Elapsed().Seconds(), "orders/s")
}
