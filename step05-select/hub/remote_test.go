package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// earlier are messages that people on other servers have said: one for each ID.
func earlier(ids ...uint64) (events []session.Event) {
	for _, id := range ids {
		events = append(events, session.Event{Kind: session.Said, ID: id, From: "carol", Text: fmt.Sprint(id)})
	}
	return events
}

// A clock that is ahead on another server must not give two messages one ID: the page takes the second for one that it knows.
func TestRemember_leavesRoomForTheNextID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // so the clock stands still
		link := newFakeLink()
		h := New(Config{Link: link})
		a, b := enter(h, ""), enter(h, "")
		receive(t, b)
		time.Sleep(time.Second)
		ahead := uint64(time.Now().Add(time.Hour).UnixMicro())
		link.open[session.Lobby].Remember(earlier(ahead, ahead, ahead+1))
		say(a, "now")
		last := uint64(0)
		for _, m := range append(spoken(ownMessages(b)), receive(t, b)...) {
			require.Greater(t, m.ID, last, "the ID of %q", m.Text)
			last = m.ID
		}
	})
}

// A room that has forgotten its oldest messages already learns what was said before them.
func TestRemember_putsItBeforeWhatIsRemembered(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link, History: 3})
	a := enter(h, "")
	for _, text := range []string{"a", "b", "c", "d"} {
		say(a, text)
	}
	link.open[session.Lobby].Remember(earlier(1, 2))
	late := h.Enter(Entry{})
	var texts []string
	for _, m := range spoken(ownMessages(late)) {
		texts = append(texts, m.Text)
	}
	require.Equal(t, []string{"b", "c", "d"}, texts)
}

func TestDeliver_keepsTheTimeAtWhichItWasSaid(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a := enter(h, "")
	at := time.Now().Add(-time.Minute)
	link.open[session.Lobby].Deliver(session.Event{Kind: session.Said, Time: at, From: "carol", Text: "a minute ago"})
	messages := receive(t, a)
	require.Len(t, messages, 1)
	require.True(t, at.Equal(messages[0].Time))
}

// An answer is bounded, however many people are here and elsewhere.
func TestWho_listsAHundredNamesOfAllServers(t *testing.T) {
	h := New(Config{Link: crowdedLink{newFakeLink()}})
	members := enterMany(h, 60)
	ownMessages(members[0])
	members[0].Do(session.Action{Verb: session.Who, Room: session.Lobby})
	answer := ownMessages(members[0])[0]
	require.Equal(t, session.Members, answer.Kind)
	require.Equal(t, 160, answer.Count)
	require.Len(t, answer.Names, maxListed)
}

// A crowdedLink knows of a hundred people elsewhere in each room.
type crowdedLink struct{ *fakeLink }

func (crowdedLink) Elsewhere(_ string, most int) (names []string, count int) {
	for i := range min(most, 100) {
		names = append(names, fmt.Sprint("other", i))
	}
	return names, 100
}
