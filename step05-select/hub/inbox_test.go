package hub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// What others whisper is nobody else's memory: so not only its number is bounded.
func TestInbox_refusesWhispersThatAreTooMuch(t *testing.T) {
	const long = 4 << 10
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	text := strings.Repeat("x", long)
	waiting := func() (bytes int) {
		b.inbox.mu.Lock()
		defer b.inbox.mu.Unlock()
		for _, l := range b.inbox.letters {
			bytes += len(l.message.Text)
		}
		return bytes
	}
	for range maxWhispers {
		whisper(a, "b", text)
	}
	require.Equal(t, maxWeight, waiting(), "bytes that wait for one who does not read")
	require.Equal(t, "* b does not read at the moment, and has not got it", own(a)[maxWhispers-1])
	b.TakeOwn()
	whisper(a, "b", text)
	require.Equal(t, maxWeight, waiting(), "one was taken, so there was room for one")
	b.note("an answer") // is no whisper
	require.Len(t, own(b), maxWeight/long+1)
	require.Zero(t, b.inbox.weight)
	require.Zero(t, b.inbox.whispers)
	require.Nil(t, b.inbox.letters, "who has nothing to take has no memory there")
}

// It is taken one by one, and what was not taken yet wakes again.
func TestInbox_givesOneAtATime(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	whisper(a, "b", "one")
	b.note("two")
	whisper(a, "b", "three")
	for i, want := range []string{"[a -> b] one", "* two", "[a -> b] three"} {
		<-b.OwnReady()
		require.Equal(t, i < 2, b.Answered(), "an answer waits until it was taken, and a whisper is none")
		m, more := b.TakeOwn()
		require.Equal(t, want, line(m))
		require.Equal(t, i < 2, more)
	}
	m, more := b.TakeOwn()
	require.Nil(t, m)
	require.False(t, more)
}

// Who moves takes along what was said before: it is told that first, and nothing of what is said after.
func TestMember_takesAlongWhatItHasNotHeard(t *testing.T) {
	h := New(Config{Capacity: 8})
	a, b := enter(h, "a"), enter(h, "b")
	heard(t, a)
	whisper(b, "a", "psst")
	for i := range 10 {
		say(b, fmt.Sprint(i))
	}
	say(a, "mine")
	join(a, "#go")
	say(b, "elsewhere")
	require.Equal(t, []string{
		"[b -> a] psst", "* you missed 3 messages",
		"[b] 3", "[b] 4", "[b] 5", "[b] 6", "[b] 7", "[b] 8", "[b] 9", "* you are in #go, alone",
	}, own(a))
	require.Empty(t, heard(t, a))
}

// Nothing is pending for one that leaves the hub, so nothing is taken for it, and nothing counts as missed by it.
func TestMember_takesNothingAlongThatLeaves(t *testing.T) {
	h := New(Config{Capacity: 8})
	a, b := enter(h, "a"), enter(h, "b")
	for range 10 {
		say(b, "hello")
	}
	a.Leave()
	require.Empty(t, own(a))
	require.Zero(t, h.Stats().Missed.Load())
}

func TestMember_finishesWithWhatIsPending(t *testing.T) {
	h := New(Config{Capacity: 8})
	a, b := enter(h, "a"), enter(h, "b")
	heard(t, a)
	say(b, "pending")
	a.Finish(session.Event{Kind: session.Notice, Text: "goodbye"})
	say(b, "too late")
	own(b)
	whisper(b, "a", "too late")
	require.Equal(t, []string{"* a does not read at the moment, and has not got it"}, own(b))
	a.note("too late")
	h.TellOne(session.Key("a"), "too late")
	require.Equal(t, []string{"[b] pending", "* goodbye"}, own(a))
	for range 100 {
		require.False(t, b.TooFast(), "nobody waits for one that takes nothing any more")
		say(b, "and so on")
		heard(t, b)
	}
	require.Equal(t, "a", a.Name(), "it is still here")
	a.Leave()
	b.Leave()
	requireEmpty(t, h)
}
