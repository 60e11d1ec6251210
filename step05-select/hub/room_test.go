package hub

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestMember_missesWhatOthersSaidAndNotItsOwn(t *testing.T) {
	for _, echo := range []bool{false, true} {
		h := New(Config{Capacity: 4})
		other := enter(h, "other")
		m := h.Enter(Entry{Name: "m", Echo: echo})
		ownMessages(m)
		for i := range 5 {
			say(other, fmt.Sprint("other's ", i))
			say(m, fmt.Sprint("mine ", i))
		}
		// The ring holds the last four: of each the last two.
		if echo {
			require.Equal(t, []string{"* you missed 6 messages", "[other] other's 3", "[m] mine 3", "[other] other's 4", "[m] mine 4"}, heard(t, m))
			require.EqualValues(t, 6, h.Stats().Missed.Load())
		} else {
			require.Equal(t, []string{"* you missed 3 messages", "[other] other's 3", "[other] other's 4"}, heard(t, m))
			require.EqualValues(t, 3, h.Stats().Missed.Load())
		}
		for range 100 {
			m.Do(session.Action{Verb: session.Act, Text: "waves"})
		}
		require.Equal(t, echo, len(heard(t, m)) > 0, "all that it could miss were its own; echo: %v", echo)
		rename(m, "anna")
		require.Empty(t, heard(t, m), "who comes, goes and is renamed hears of it by its own inbox, echo or not")
		require.EqualValues(t, 110, h.Stats().Said.Load())
	}
}

func TestMember_hearsAllInOneOrderWithGrowingIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // all in one moment
		h := New(Config{})
		all := enterMany(h, 3)
		heard(t, all[2])
		for i := range 20 {
			say(all[i%2], fmt.Sprint(i))
		}
		h.Tell("a notice")
		got := receive(t, all[2])
		require.Len(t, got, 21)
		for i, m := range got {
			require.Equal(t, session.Lobby, m.Room)
			require.False(t, m.Time.IsZero())
			if i > 0 {
				require.Greater(t, m.ID, got[i-1].ID)
			}
			if i < 20 {
				require.Equal(t, fmt.Sprint(i), m.Text)
			}
		}
	})
}

func TestMember_hearsOnlyItsRoom(t *testing.T) {
	h := New(Config{})
	a, b, c := enter(h, "a"), enter(h, "b"), enter(h, "c")
	heard(t, a)
	join(b, "#go")
	require.Equal(t, []string{"* b has left #lobby"}, heard(t, a))
	join(c, "#go")
	require.Equal(t, []string{"* c has joined #go"}, heard(t, b))
	say(a, "in the lobby")
	say(b, "in the other room")
	require.Empty(t, heard(t, b))
	require.Equal(t, []string{"[b] in the other room"}, heard(t, c))
	require.Equal(t, []string{"* c has left #lobby"}, heard(t, a))
	c.Leave()
	require.Equal(t, []string{"* c has left #go"}, heard(t, b))
	require.Empty(t, heard(t, a))
}

func TestMember_listsWhoIsThere(t *testing.T) {
	who := func(m *Member, room string) *session.Message {
		m.Do(session.Action{Verb: session.Who, Room: room})
		return ownMessages(m)[0]
	}
	for _, people := range []int{1, 2, maxListed, maxListed + 50} {
		h := New(Config{})
		all := enterMany(h, people)
		answer := who(all[0], session.Lobby)
		require.Equal(t, people, answer.Count)
		require.Len(t, answer.Names, min(people, maxListed))
		require.True(t, slices.IsSorted(answer.Names))
		require.Len(t, slices.Compact(answer.Names), min(people, maxListed), "somebody is there twice")
		require.Equal(t, "* nobody is in #go", line(who(all[0], "#go")))
	}
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	join(b, "#go")
	require.Equal(t, "* 1 person in #go: b", line(who(a, "#go")), "one can ask about another room")
}

func TestMember_listsTheLargestRooms(t *testing.T) {
	h := New(Config{})
	var asks *Member
	for i := range maxListed + 20 {
		m := enter(h, "")
		join(m, fmt.Sprintf("#room%03d", i))
		if i < 2 {
			join(enter(h, ""), fmt.Sprintf("#room%03d", maxListed+18+i))
		}
		asks = m
	}
	ownMessages(asks)
	asks.Do(session.Action{Verb: session.ListRooms})
	answer := ownMessages(asks)[0]
	require.Equal(t, maxListed+20, answer.Count)
	require.Len(t, answer.Names, maxListed)
	require.Equal(t, []string{"#room118 (2)", "#room119 (2)", "#room000 (1)", "#room001 (1)"}, answer.Names[:4])
}

func TestHub_counts(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	join(b, "#go")
	say(a, "1")
	b.Do(session.Action{Verb: session.Act, Text: "2"})
	whisper(a, "b", "is not counted as said")
	a.Delivered(3)
	stats := h.Stats()
	require.EqualValues(t, 2, stats.Users.Load())
	require.EqualValues(t, 2, stats.Rooms.Load())
	require.EqualValues(t, 2, stats.Said.Load())
	require.EqualValues(t, 3, stats.Delivered.Load())
	require.Zero(t, stats.Missed.Load())
	a.Leave()
	b.Leave()
	requireEmpty(t, h)
}
