package cluster

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// m is the message of a node with that number, after another one.
func m(node string, seq, prev uint64) said {
	return said{node: node, seq: seq, prev: prev, event: session.Event{Text: fmt.Sprintf("%s%d", node, seq)}}
}

func texts(events []session.Event) (texts []string) {
	for _, e := range events {
		texts = append(texts, e.Text)
	}
	return texts
}

// openFeed is a feed of a room of which nothing is remembered.
func openFeed() *feed {
	f := newFeed("self")
	f.loaded(nil, 0)
	return f
}

func TestFeed_givesEachMessageOnOnce(t *testing.T) {
	f := openFeed()
	for _, step := range []struct {
		m    said
		want bool
	}{
		{m("a", 1, 0), true}, {m("a", 1, 0), false}, {m("a", 5, 1), true}, {m("b", 3, 0), true},
		{m("a", 1, 0), false}, {m("a", 6, 5), true}, {m("self", 9, 0), false},
	} {
		now, missing := f.live(step.m)
		require.Equal(t, step.want, now, "%v", step.m)
		require.False(t, missing)
	}
}

func TestFeed_holdsWhatComesUntilWhatIsMissingIsThere(t *testing.T) {
	f := openFeed()
	f.live(m("a", 1, 0))
	now, missing := f.live(m("a", 4, 3))
	require.False(t, now)
	require.True(t, missing)
	now, missing = f.live(m("b", 1, 0))
	require.False(t, now, "it is held, too")
	require.False(t, missing, "the stream is asked once")

	earlier, missed, lost := f.loaded([]said{m("a", 1, 0), m("a", 2, 1), m("a", 3, 2), m("a", 4, 3), m("b", 1, 0), m("a", 5, 4)}, 0)
	require.Empty(t, earlier)
	require.Equal(t, []string{"a2", "a3", "a4", "b1"}, texts(missed), "a5 will come")
	require.False(t, lost)
	now, _ = f.live(m("a", 5, 4))
	require.True(t, now)
}

func TestFeed_saysWhatTheStreamHasForgotten(t *testing.T) {
	f := openFeed()
	f.live(m("a", 1, 0))
	f.live(m("a", 4, 3))
	_, missed, lost := f.loaded([]said{m("a", 4, 3)}, 0)
	require.Equal(t, []string{"a4"}, texts(missed))
	require.True(t, lost)

	f.live(m("a", 7, 6))
	missed, lost = f.failed()
	require.Equal(t, []string{"a7"}, texts(missed))
	require.True(t, lost)
}

func TestFeed_tellsWhatWasSaidBeforeFromWhatIsSaidNow(t *testing.T) {
	f := newFeed("self")
	f.live(m("a", 3, 2)) // the room was opened between a2 and a3
	stored := []said{m("self", 7, 0), m("a", 1, 0), m("a", 2, 1), m("b", 1, 0), m("a", 3, 2), m("self", 8, 7)}
	earlier, missed, lost := f.loaded(stored, 8)
	require.Equal(t, []string{"self7", "a1", "a2", "b1"}, texts(earlier))
	require.Equal(t, []string{"a3"}, texts(missed))
	require.False(t, lost)
	now, _ := f.live(m("b", 1, 0))
	require.False(t, now, "it was told as said before")
}

// A node sends again what it does not know to have arrived when its connection breaks. Then the stream has it twice.
func TestFeed_tellsOnceWhatTheStreamHasTwice(t *testing.T) {
	f := newFeed("self")
	f.live(m("a", 3, 2))
	stored := []said{
		m("self", 1, 0), m("self", 2, 1), m("a", 1, 0), m("b", 1, 0), m("a", 1, 0), m("a", 2, 1), m("a", 3, 2),
		m("self", 1, 0), m("self", 2, 1), m("b", 1, 0), m("a", 3, 2),
	}
	earlier, missed, lost := f.loaded(stored, 0)
	require.Equal(t, []string{"self1", "self2", "a1", "b1", "a2"}, texts(earlier))
	require.Equal(t, []string{"a3"}, texts(missed))
	require.False(t, lost)

	f = newFeed("self")
	f.live(m("a", 3, 2))
	f.failed()
	earlier, missed, _ = f.loaded([]said{m("a", 2, 1), m("a", 2, 1), m("a", 3, 2), m("a", 3, 2)}, 0)
	require.Equal(t, []string{"a2"}, texts(earlier))
	require.Empty(t, missed)
}

func TestFeed_remembersLateIfTheStreamCouldNotBeAskedAtFirst(t *testing.T) {
	f := newFeed("self")
	f.live(m("a", 3, 2))
	missed, lost := f.failed()
	require.Equal(t, []string{"a3"}, texts(missed))
	require.False(t, lost, "what was before is not known")
	f.hold()
	earlier, missed, _ := f.loaded([]said{m("a", 2, 1), m("a", 3, 2), m("a", 4, 3)}, 0)
	require.Equal(t, []string{"a2"}, texts(earlier))
	require.Equal(t, []string{"a4"}, texts(missed))
}

func TestFeed_isBounded(t *testing.T) {
	f := openFeed()
	f.live(m("a", 1, 0))
	for seq := uint64(3); seq < 3*maxHeld; seq++ {
		f.live(m("a", seq, seq-1))
	}
	require.Len(t, f.held, maxHeld)
	f.failed()
	_, missing := f.live(m("a", 3*maxHeld, 3*maxHeld-1))
	require.True(t, missing, "what was dropped is noticed")
	f.failed()
	for i := range 2 * maxMarks {
		f.live(m(fmt.Sprint("n", i), 1, 0))
	}
	require.Len(t, f.marks, maxMarks)
}
