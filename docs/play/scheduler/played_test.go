package scheduler

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step03-statemachine/explore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func play(t *testing.T, program, schedule string) *answer {
	t.Helper()
	a, err := played(programOf(program), strings.Fields(schedule))
	require.NoError(t, err)
	return a
}

// everywhere visits each position that a program can be in, by the choices that the page would offer.
func everywhere(t *testing.T, p *program, visit func(schedule []string, a *answer)) {
	t.Helper()
	var walk func(schedule []string)
	walk = func(schedule []string) {
		a, err := played(p, schedule)
		require.NoError(t, err, schedule)
		visit(schedule, a)
		for _, c := range a.Choices {
			walk(append(slices.Clone(schedule), c.Name))
		}
	}
	walk(nil)
}

func TestPrograms_loseTheirWakeUpsInTheOrdersThatTheyShould(t *testing.T) {
	type count struct{ orders, lost int }
	want := map[string]count{
		"hasty":     {5, 1}, // the five that its text speaks of
		"careful":   {6, 0},
		"forgetful": {4, 4},
		"counters":  {20, 0},
		"hello":     {20, 0},
		"breakfast": {2, 0},
		"letter":    {7, 0},
	}
	for _, p := range programs {
		var got count
		everywhere(t, &p, func(schedule []string, a *answer) {
			assert.LessOrEqual(t, len(schedule), maxChoices/3, "%s: the bound is too low", p.name)
			if len(a.Choices) > 0 {
				assert.NotEqual(t, lost, a.State, "%s: somebody can still go on in %v", p.name, schedule)
				return
			}
			got.orders++
			if a.State == lost {
				got.lost++
			} else {
				assert.Equal(t, done, a.State, "%s: neither over nor lost in %v", p.name, schedule)
			}
		})
		assert.Equal(t, want[p.name], got, p.name)
		assert.Equal(t, p.fault != "", got.lost > 0, "%s: says what is wrong if something is", p.name)
	}
}

// The picture follows the trace. Here it is compared with what the executor itself says.
func TestRows_showTheQueueOfTheExecutor(t *testing.T) {
	for _, p := range programs {
		everywhere(t, &p, func(schedule []string, a *answer) {
			require.Len(t, a.Rows, len(schedule)+1)
			last := a.Rows[len(schedule)]
			for i, l := range a.Lanes {
				if l.Kind == taskLane {
					assert.Equal(t, slices.Contains(a.Queue, l.Name), last.Cells[i].State == queued,
						"%s after %v: %s is %s, the queue %v", p.name, schedule, l.Name, last.Cells[i].State, a.Queue)
				}
			}
			asleepNow := last.Cells[len(a.Lanes)-1].State == asleep
			if asleepNow || a.State == lost {
				assert.True(t, asleepNow && len(a.Queue) == 0, "%s after %v", p.name, schedule)
			}
		})
	}
}

func TestPlayed_sayWhichTaskHasLostItsWakeUpAndWhy(t *testing.T) {
	a := play(t, "hasty", "waiter event event waiter")
	require.Equal(t, lost, a.State)
	require.Equal(t, "lost wake-up: waiter was polled in step 1, returned pending in step 4, and nobody has called its waker since. "+
		"The event came between its look and its registration: it found no waker, and it does not come twice.", a.Verdict)

	a = play(t, "forgetful", "tea hello clock tea")
	require.Equal(t, lost, a.State)
	require.Equal(t, "lost wake-up: hello returned pending in step 2, and nobody has called its waker since. "+
		"Its Delay has kept no waker, so no order of steps can wake it.", a.Verdict)
}

func TestPlayed_goesWellByChanceAndSaysSo(t *testing.T) {
	a := play(t, "hasty", "waiter waiter event event waiter")
	require.Equal(t, done, a.State)
	require.Contains(t, a.Verdict, "and yet the program is wrong")
	require.Equal(t, "all tasks are over.", play(t, "breakfast", "breakfast clock clock breakfast").Verdict)
}

func TestPlayed_tellsARunInSentences(t *testing.T) {
	a := play(t, "forgetful", "tea hello clock tea")
	require.Equal(t, []lane{{"tea", taskLane}, {"hello", taskLane}, {"clock", clockLane}, {"worker", workerLane}}, a.Lanes)
	var text []string
	for _, row := range a.Rows {
		text = append(text, row.Label+": "+strings.Join(row.Text, " "))
	}
	require.Equal(t, []string{
		"set-up: tea is spawned, and queued. hello is spawned, and queued.",
		"poll tea: The poll returns pending. tea waits for a call of its waker.",
		"poll hello: The poll returns pending. hello waits for a call of its waker. Nothing is queued: the worker goes to sleep.",
		"turn the clock: clock: it is 10ms. clock wakes tea: it is queued. The worker is awake.",
		"poll tea: The poll returns ready: tea is over. Nothing is queued: the worker goes to sleep.",
	}, text)
	require.Equal(t, []int{0}, a.Rows[3].Wakes)

	a = play(t, "counters", "left")
	require.Equal(t, []string{"left says “1”.", "left wakes itself.",
		"The poll returns pending, and left is queued again: it was woken meanwhile."}, a.Rows[1].Text)
	require.Equal(t, []string{"right", "left"}, a.Queue)

	a = play(t, "careful", "waiter event event")
	require.Equal(t, []string{"event wakes waiter, which is being polled: it will be queued again."}, a.Rows[3].Text)
	a = play(t, "careful", "waiter event waiter event")
	require.Equal(t, []string{"event wakes waiter, which is over: that changes nothing."}, a.Rows[4].Text)
}

func TestPlayed_offersWhatCanHappenNext(t *testing.T) {
	require.Equal(t, []choice{{"event", "event: set done"}, {"waiter", "poll waiter"}}, play(t, "hasty", "").Choices)
	require.Equal(t, []choice{{"event", "event: set done"}, {"waiter", "waiter: register the waker"}}, play(t, "hasty", "waiter").Choices)
	require.Equal(t, []choice{{"other", "poll other"}, {"clock", "turn the clock"}}, play(t, "hello", "hello").Choices)
	require.Empty(t, play(t, "hasty", "waiter event event waiter").Choices)
}

func TestPlayed_refusesChoicesThatAreNotPossible(t *testing.T) {
	for _, choices := range [][]string{
		{"nobody"}, {"worker"}, {""}, {" "}, {"waiter event"}, {"waiter", "waiter", "waiter"},
		{"waiter", "event", "event", "waiter", "waiter"}, // nobody can go on there
		slices.Repeat([]string{"waiter"}, maxChoices+1),
	} {
		_, err := played(programOf("hasty"), choices)
		assert.Error(t, err, choices)
	}
	_, err := played(programOf("hello"), []string{"clock"})
	require.EqualError(t, err, "step 1 of the schedule: clock cannot go on here", "no timer is set")
}

func TestPrograms_areShownAsTheyStandInTheirFiles(t *testing.T) {
	for _, p := range programs {
		a := play(t, p.name, "")
		require.Contains(t, a.Program.Source, "func "+p.name+"(s *stage) {")
		require.NotContains(t, a.Program.Source, "region")
		for line := range strings.Lines(a.Program.Source) {
			require.LessOrEqual(t, len(line), 60, "%s: a reader shall see it beside the lanes: %s", p.name, line)
		}
		content, err := json.Marshal(a)
		require.NoError(t, err)
		require.NotContains(t, string(content), "null", "the page expects lists")
	}
}

func TestSearched_findsTheOrderThatLosesAWakeUp(t *testing.T) {
	for _, p := range programs {
		f := searched(&p)
		if p.fault == "" {
			require.Empty(t, f.Choices, p.name)
			require.Contains(t, f.Says, "has tried all", p.name)
			_, stats := explore.Search(explore.Limits{Orders: maxOrders}, Program(p.name))
			require.True(t, stats.Complete, "%s: not all", p.name)
			continue
		}
		a, err := played(&p, f.Choices)
		require.NoError(t, err)
		require.Equal(t, lost, a.State, p.name)
	}
}
