package hub

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// A slowLink is a fakeLink that lets others run before a room is told of something.
type slowLink struct{ *fakeLink }

func (l slowLink) Elsewhere(room string, most int) ([]string, int) {
	for range 3 {
		runtime.Gosched()
	}
	return l.fakeLink.Elsewhere(room, most)
}

// The answer to a rename comes while the member moves. Each room is told a story that can be true: nobody leaves, or is
// called something else, who is not there.
func TestRoom_isToldAStoryThatCanBeTrue(t *testing.T) {
	const rounds = 300
	link := newFakeLink()
	h := New(Config{Link: slowLink{link}, Capacity: 1 << 12})
	rooms := []string{session.Lobby, "#go"}
	witnesses := make(map[string]*Member)
	for _, room := range rooms {
		witnesses[room] = h.Enter(Entry{Room: room})
	}
	m := h.Enter(Entry{})
	for round := range rounds {
		rename(m, fmt.Sprint("n", round))
		var answering sync.WaitGroup
		answering.Go(func() { link.answer(nil) })
		join(m, rooms[(round+1)%2])
		answering.Wait()
		own(m)
		receive(t, m)
	}
	m.Leave()
	for room, witness := range witnesses {
		here := map[string]bool{witness.Name(): true}
		changes := 0
		for _, e := range receive(t, witness) {
			switch e.Kind {
			case session.Joined:
				here[e.From] = true
			case session.Left:
				require.True(t, here[e.From], "%s is told that %s has left, who was not there", room, e.From)
				delete(here, e.From)
			case session.Renamed:
				require.True(t, here[e.From], "%s is told that %s has another name, who was not there", room, e.From)
				delete(here, e.From)
				here[e.To] = true
				changes++
			}
		}
		require.Len(t, here, 1, "%s: everybody has left but who looks", room)
		t.Logf("%s was told of %d other names", room, changes)
	}
}
