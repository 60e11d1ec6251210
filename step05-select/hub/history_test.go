package hub

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// spoken are the messages that people have said.
func spoken(all []*session.Message) (some []*session.Message) {
	for _, m := range all {
		if m.Spoken() {
			some = append(some, m)
		}
	}
	return some
}

// Somebody comes while others talk. What it is told of from before, and what it receives, is together every message
// once, from some message on.
func TestHub_losesNothingBetweenHistoryAndNews(t *testing.T) {
	const speakers, each, kept = 3, 60, 20
	amid := 0 // how many came when something was said already, and something not yet
	for round := range 30 {
		h := New(Config{Capacity: 1024, History: kept})
		witness := enter(h, "witness")
		var talking sync.WaitGroup
		for i := range speakers {
			speaker := enter(h, fmt.Sprint("speaker", i))
			talking.Go(func() {
				for n := range each {
					say(speaker, fmt.Sprint(n))
					runtime.Gosched()
				}
			})
		}
		var late []*Member
		random := rand.New(rand.NewPCG(1, uint64(round)))
		for range 20 {
			late = append(late, h.Enter(Entry{Name: "late"}))
			for range random.IntN(10) {
				runtime.Gosched()
			}
		}
		talking.Wait()
		all := spoken(receive(t, witness))
		require.Len(t, all, speakers*each)
		at := make(map[uint64]int) // where in the order a message is
		for i, m := range all {
			at[m.ID] = i
		}
		require.Len(t, at, len(all), "two messages have one ID")
		for _, m := range late {
			before := spoken(ownMessages(m))
			require.LessOrEqual(t, len(before), kept)
			after := spoken(receive(t, m))
			if len(before) > 0 && len(after) > 0 {
				amid++
			}
			got := slices.Concat(before, after)
			for i, message := range got {
				require.Equal(t, len(all)-len(got)+i, at[message.ID],
					"%d messages were said; one who came meanwhile got %d, of which %d were said before; is each there once, in order?", len(all), len(got), len(before))
			}
			if len(before) < kept {
				require.Len(t, got, len(all), "less was remembered than can be: so it must be all")
			}
		}
	}
	require.NotZero(t, amid, "nobody came while others talked")
	t.Logf("%d came while others talked", amid)
}

func TestEntry_sinceTellsOnlyWhatIsNew(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	for i := range 5 {
		say(a, fmt.Sprint(i))
	}
	said := receive(t, b)
	for i := 0; i < 5; i++ {
		c := h.Enter(Entry{Since: said[i].ID})
		told := own(c)[2:]
		if i == 4 {
			require.Empty(t, told, "it has seen all")
			continue
		}
		require.Equal(t, fmt.Sprintf("[a] %d", i+1), told[1], "message %d is the last that it has seen", i)
		require.Len(t, told, 5-i, "messages after number %d, and the line before them", i)
	}
	c := h.Enter(Entry{Since: 1 << 62})
	require.Len(t, own(c), 2, "nothing is that new")
	join(c, "#go")
	own(c)
	join(c, "#lobby")
	require.Len(t, own(c), 7, "Since is for the room into which one comes first")
}

func TestHub_remembersSoMuch(t *testing.T) {
	for _, test := range []struct{ history, said, kept int }{
		{3, 2, 2}, {3, 3, 3}, {3, 4, 3}, {3, 10, 3}, {1, 5, 1}, {0, 300, DefaultHistory}, {-1, 5, 0},
	} {
		h := New(Config{History: test.history})
		a := enter(h, "a")
		for i := range test.said {
			say(a, fmt.Sprint(i))
		}
		b := enter(h, "b") // its coming is not remembered, it is no message
		var want []string
		if test.kept > 0 {
			want = append(want, fmt.Sprintf("* said before you came: %d message", test.kept))
			if test.kept > 1 {
				want[0] += "s"
			}
			for i := test.said - test.kept; i < test.said; i++ {
				want = append(want, fmt.Sprintf("[a] %d", i))
			}
		}
		c := h.Enter(Entry{})
		require.Equal(t, want, append([]string(nil), own(c)[2:]...), "%+v", test)
		require.LessOrEqual(t, cap(h.rooms[session.Lobby].history.kept), 2*DefaultHistory)

		b.Do(session.Action{Verb: session.Recall, Count: session.MaxRecall})
		if test.kept == 0 {
			require.Equal(t, []string{"* nothing is remembered here"}, own(b))
			continue
		}
		require.Equal(t, want, own(b))
		b.Do(session.Action{Verb: session.Recall, Count: 1})
		require.Equal(t, []string{"* said before you came: 1 message", want[len(want)-1]}, own(b))
	}
}

func TestHub_forgetsARoomWithItsLastMember(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	for i := range 20 {
		join(a, fmt.Sprint("#room", i))
		say(a, "a secret")
		require.Len(t, h.rooms, 2, "only the last room has somebody in it, and the lobby")
	}
	join(b, "#room19")
	require.Contains(t, own(b), "[a] a secret", "somebody is still there")
	join(b, "#room7")
	require.Equal(t, []string{"* you are in #room7, alone"}, own(b), "everybody has left the room in the meantime")
	require.EqualValues(t, len(h.rooms), h.stats.Rooms.Load())
	a.Leave()
	b.Leave()
	requireEmpty(t, h)
}

func TestHub_isEmptyWhenAllHaveLeft(t *testing.T) {
	h := New(Config{})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(2, uint64(i)))
			for range 100 {
				m := h.Enter(Entry{Room: fmt.Sprint("#room", random.IntN(3))})
				for range 5 {
					say(m, "hello")
					join(m, fmt.Sprint("#room", random.IntN(3)))
				}
				m.Leave()
			}
		})
	}
	clients.Wait()
	requireEmpty(t, h)
}

func TestRoom_remembersWhatWasSaidElsewhere(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link, History: 3})
	a := enter(h, "")
	b := h.Enter(Entry{Since: 12})
	own(b)
	said := make([]session.Event, 5)
	for i := range said {
		said[i] = session.Event{Kind: session.Said, ID: uint64(10 + i), From: "bob", Text: fmt.Sprint(i)}
	}
	lobby := link.open[session.Lobby]
	lobby.Remember(said)
	require.Equal(t, []string{"* said before you came: 3 messages", "[bob] 2", "[bob] 3", "[bob] 4"}, own(a))
	require.Equal(t, []string{"* said before you came: 2 messages", "[bob] 3", "[bob] 4"}, own(b), "it has seen 2")
	lobby.Deliver(session.Event{Kind: session.Said, From: "bob", Text: "5"})
	c := h.Enter(Entry{})
	require.Equal(t, []string{"* said before you came: 3 messages", "[bob] 3", "[bob] 4", "[bob] 5"}, own(c)[2:])
}
