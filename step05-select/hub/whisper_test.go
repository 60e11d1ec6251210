package hub

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestWhisper_isRefusedWhenTooManyWait(t *testing.T) {
	h := New(Config{})
	a, b, c := enter(h, "a"), enter(h, "bob"), enter(h, "c")
	var want []string
	for i := range maxWhispers {
		whisper(a, "bob", fmt.Sprint(i))
		want = append(want, fmt.Sprintf("[a -> bob] %d", i))
	}
	require.Equal(t, want, own(a), "the sender sees that it has gone")
	for _, sender := range []*Member{a, c} {
		whisper(sender, "bob", "one more")
		require.Equal(t, []string{"* bob does not read at the moment, and has not got it"}, own(sender))
	}
	require.Equal(t, errUnread, h.Whispered(session.Key("bob"), session.Event{Kind: session.Whispered}), "those of other servers count, too")
	require.False(t, b.Answered(), "what others whisper is no answer")
	say(b, "I talk")
	b.note("an answer") // finds room always
	require.True(t, b.Answered())
	require.Equal(t, append(want, "* an answer"), own(b))

	whisper(a, "bob", "again")
	require.Equal(t, []string{"[a -> bob] again"}, own(b), "there is room again")
	require.Equal(t, []string{"[a -> bob] again"}, own(a))
}

func TestWhisper_findsWhoIsCalledThatNow(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "bob")
	join(b, "#elsewhere")
	rename(b, "Robert")
	own(b)
	whisper(a, "bob", "hello")
	require.Equal(t, []string{"* nobody here is called that"}, own(a))
	require.Empty(t, own(b))
	whisper(a, "ROBERT", "hello")
	require.Equal(t, []string{"[a -> Robert] hello"}, own(a), "it is told the name as it is written")
	require.Equal(t, []string{"[a -> Robert] hello"}, own(b))
	c := enter(h, "bob")
	whisper(a, "bob", "hello")
	require.Equal(t, []string{"[a -> bob] hello"}, own(c), "somebody else is called that now")
	require.Empty(t, own(b))
	c.Leave()
	own(a)
	whisper(a, "bob", "hello")
	require.Equal(t, []string{"* nobody here is called that"}, own(a))
}

func TestWhisper_toOneself(t *testing.T) {
	h := New(Config{})
	a := enter(h, "a")
	for i := range 2 * maxWhispers {
		whisper(a, "A", "note")
		if i < maxWhispers {
			require.Equal(t, i+1, a.inbox.len(), "it comes once")
		}
	}
	all := own(a)
	require.Equal(t, "[a -> a] note", all[maxWhispers-1])
	require.Equal(t, "* a does not read at the moment, and has not got it", all[maxWhispers])
	require.Len(t, all, 2*maxWhispers)
}

func TestWhisper_fromAnotherServer(t *testing.T) {
	h := New(Config{Link: newFakeLink()})
	a := enter(h, "")
	e := session.Event{Kind: session.Whispered, From: "far", To: a.Name(), Text: "hello"}
	require.NoError(t, h.Whispered(session.Key(a.Name()), e))
	require.Equal(t, []string{"[far -> guest1-x] hello"}, own(a))
	require.Equal(t, errNobody, h.Whispered("nobody", e))
	h.TellOne(session.Key(a.Name()), "it is lost")
	h.TellOne("nobody", "it is lost")
	require.Equal(t, []string{"* it is lost"}, own(a))
	h.Tell("to all")
	require.Equal(t, []string{"* to all"}, heard(t, a))
}
