package hub

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// What was said elsewhere comes on another goroutine, and one member after the other is told. Who moves meanwhile is not told any
// more: it would hear of the old room after it was told that it is in the next one.
func TestRoom_doesNotTellWhoHasMovedWhatWasSaidThere(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a, b := h.Enter(Entry{Room: "#go"}), h.Enter(Entry{Room: "#go"})
	for _, m := range []*Member{a, b} {
		own(m)
		receive(t, m)
	}
	// Whoever is told first, the other one moves then.
	a.inbox.wait(wakerFunc(func() { b.inbox.wait(nil); join(b, "#next") }))
	b.inbox.wait(wakerFunc(func() { a.inbox.wait(nil); join(a, "#next") }))
	link.open["#go"].Remember([]session.Event{{Kind: session.Said, ID: 10, From: "carol", Text: "hello"}})

	here, moved := a, b
	if b.seat.room.name == "#go" {
		here, moved = b, a
	}
	require.Equal(t, []string{"* said before you came: 1 message", "[carol] hello"}, own(here))
	require.Equal(t, []string{"* you are in #next, alone"}, own(moved))
}
