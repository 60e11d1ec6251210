package models

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/models/model"
	"example.com/async/step03-statemachine/asyncnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inMemory is a network for a bubble, where time passes only when everybody waits.
func inMemory() Network {
	listener := memnet.Listen()
	return Network{
		Listener: listener,
		Dial:     func(ctx context.Context) (net.Conn, error) { return listener.Dial(ctx) },
		Poll:     func() (asyncnet.Network, error) { return asyncnet.NewPortable(), nil },
	}
}

// runInBubble returns the events of a run of the model in virtual time.
func runInBubble(t *testing.T, m Model) (events []Event) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		require.NoError(t, Run(t.Context(), m, inMemory(), func(e Event) { events = append(events, e) }))
	})
	return events
}

// timesOf are the times, in milliseconds, at which something happens to a client.
func timesOf(events []Event, what string, client int) (times []float64) {
	for _, e := range events {
		if e.What == what && e.Client == client {
			times = append(times, e.At)
		}
	}
	return times
}

func TestRun_oneAtATimeLetsAllWaitForTheSlowOne(t *testing.T) {
	events := runInBubble(t, All()[0])
	require.Equal(t, []float64{1200}, timesOf(events, Ends, 0))
	// Each is accepted when the one before has gone, though all have asked long ago.
	require.Equal(t, []float64{150, 1300, 1400}, timesOf(events, Asks, 1))
	require.Equal(t, []float64{250, 1500, 1600}, timesOf(events, Asks, 2))
	require.Equal(t, []float64{1200}, timesOf(events, Begins, 1))
	require.Equal(t, []float64{1400}, timesOf(events, Begins, 2))
	require.Equal(t, []float64{1600}, timesOf(events, Begins, 3))
	require.Equal(t, []float64{1600, 1700, 1800}, timesOf(events, Answered, 3))
	require.Equal(t, []float64{1800}, timesOf(events, End, -1))
}

func TestRun_theOtherModelsLetNobodyWait(t *testing.T) {
	for _, m := range All()[1:] {
		t.Run(m.Name, func(t *testing.T) {
			events := runInBubble(t, m)
			for client := range visits {
				require.Len(t, timesOf(events, Answered, client), visits[client].questions)
				require.Equal(t, timesOf(events, Asks, client), timesOf(events, Answered, client), "answered at once")
				require.Len(t, timesOf(events, Begins, client), 1)
				require.Equal(t, timesOf(events, Leaves, client), timesOf(events, Ends, client))
			}
			require.Equal(t, []float64{1200}, timesOf(events, Ends, 0))
			require.Equal(t, []float64{1200}, timesOf(events, End, -1))
		})
	}
}

func TestRun_endsInTimeWhenTheServerAnswersNobody(t *testing.T) {
	deaf := Model{"deaf", func(ctx context.Context, n Network, _ beginner) error {
		<-ctx.Done()
		return n.Listener.Close()
	}}
	events := runInBubble(t, deaf)
	require.Equal(t, []float64{3000}, timesOf(events, End, -1))
	for client := range visits {
		require.Equal(t, []float64{3000}, timesOf(events, Fails, client))
	}
}

func TestRun_endsWithItsContext(t *testing.T) {
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
				defer cancel()
				start := time.Now()
				_ = Run(ctx, m, inMemory(), func(Event) {})
				require.Equal(t, 700*time.Millisecond, time.Since(start), "and nothing of it is left: the bubble would complain")
			})
		})
	}
}

func TestRun_notesNoMoreThanItSays(t *testing.T) {
	for _, m := range All() {
		events := runInBubble(t, m)
		require.LessOrEqual(t, len(events), mostEvents)
		require.Equal(t, End, events[len(events)-1].What)
	}
}

func TestAll_haveTheNamesOfTheTables(t *testing.T) {
	script, err := os.ReadFile("models.js")
	require.NoError(t, err)
	for i, m := range All() {
		if i < len(model.All()) {
			require.Equal(t, model.All()[i].Name, m.Name)
		}
		require.Contains(t, string(script), `"`+m.Name+`"`)
	}
}

// What a reader sees without scripts is what happens in virtual time, a letter for each 50 ms.
func TestChapter_showsAStillPictureThatIsTrue(t *testing.T) {
	chapter, err := os.ReadFile("../../01-tcp.md")
	require.NoError(t, err)
	_, after, found := strings.Cut(string(chapter), "<!-- play models -->\n```text\n")
	require.True(t, found)
	table, _, _ := strings.Cut(after, "```")
	want := ""
	for _, i := range []int{0, 2} {
		want += still(All()[i].Name, runInBubble(t, All()[i])) + "\n"
	}
	want += "? waits for an answer   ! has one   = a handler has the connection\n"
	require.Equal(t, want, table)
}

// still draws a run: ? for each moment of waiting for an answer, = while a handler has the connection,
// ! for an answer.
func still(name string, events []Event) string {
	const letter, letters = 50, 37
	out := name + "\n"
	for client := range visits {
		row := []byte(strings.Repeat(" ", letters))
		fill := func(from, to string, with byte) {
			ends := timesOf(events, to, client)
			for i, begin := range timesOf(events, from, client) {
				for at := begin; at < ends[i]; at += letter {
					row[int(at/letter)] = with
				}
			}
		}
		fill(Begins, Ends, '=')
		fill(Asks, Answered, '?')
		for _, at := range timesOf(events, Answered, client) {
			row[int(at/letter)] = '!'
		}
		who := "client " + string(rune('0'+client))
		if client == 0 {
			who = "the slow one"
		}
		out += strings.TrimRight("  "+who+strings.Repeat(" ", 14-len(who))+string(row), " ") + "\n"
	}
	return out
}
