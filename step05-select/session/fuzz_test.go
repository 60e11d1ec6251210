package session_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/session"
)

// FuzzLine wants of any bytes that a client sends: nothing panics, what is answered is bounded, and what others are
// told begins with who has said it, is one line, and holds nothing that a terminal obeys.
func FuzzLine(f *testing.F) {
	for _, stream := range []string{
		"hello\r\n//text\n/me waves\n", "/nick bob\n/nick ВОВ\n/join #go\n/leave\n/who\n/rooms\n/history 7\n",
		"/msg bob hi\n/ignore bob\n/ignore bob\n/mute\n/help\n/quit", "/jion x\n/" + strings.Repeat("好", 30) + "\n",
		"[bob] forged\n* bob has left\n/me is now called bob\n", "/me \x1b[2J\u202e\n/nick \u2028\n/msg a\u0085b \xff\n", "/\n//\n/ x\n",
	} {
		f.Add([]byte(stream))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		s, decoder := told("#go"), lines.Decoder{}
		for rest := stream; ; {
			line, after, err := decoder.Next(rest)
			rest = after
			if err == lines.ErrMore {
				var ok bool
				if line, ok = decoder.End(); !ok {
					return
				}
			} else if err != nil {
				continue
			}
			action, reply := s.Line(line)
			checkReply(t, line, action, reply)
			checkAction(t, line, action)
			if err == lines.ErrMore {
				return
			}
		}
	})
}

func checkReply(t *testing.T, line []byte, action session.Action, reply *session.Event) {
	if reply == nil {
		return
	}
	require.Equal(t, session.Action{}, action, "%q has both, an action and a reply", line)
	require.Equal(t, session.Notice, reply.Kind, "%q", line)
	require.Less(t, len(reply.Text), 1024, "%q", line)
	for shown := range strings.Lines(string(reply.AppendText(nil))) {
		require.True(t, strings.HasPrefix(shown, "* "), "%q is answered by %q", line, shown)
	}
}

func checkAction(t *testing.T, line []byte, a session.Action) {
	for _, text := range []string{a.Room, a.Name, a.Text} {
		require.True(t, utf8.ValidString(text), "%q", line)
		require.False(t, strings.ContainsFunc(text, func(r rune) bool {
			return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
		}), "%q has become %+v", line, a)
	}
	var e session.Event
	begins := ""
	switch a.Verb {
	case session.Say:
		e, begins = session.Event{Kind: session.Said, From: "alice", Text: a.Text}, "[alice] "
	case session.Act:
		e, begins = session.Event{Kind: session.Did, From: "alice", Text: a.Text}, "* [alice] "
	case session.Whisper:
		e, begins = session.Event{Kind: session.Whispered, From: "alice", To: "bob", Text: a.Text}, "[alice -> bob] "
	case session.Rename:
		require.Less(t, len(a.Key), 400, "%q", line)
		// Whoever can be called that is told from notices, and from others.
		e, begins = session.Event{Kind: session.Said, From: a.Name, Text: "x"}, "["+a.Name+"] x"
		require.Equal(t, 1, strings.Count(a.Name+"]", "]"), "%q", line)
		require.False(t, strings.ContainsFunc(a.Name, unicode.IsSpace), "%q", line)
		require.LessOrEqual(t, utf8.RuneCountInString(a.Name), session.MaxName, "%q", line)
	case session.Join, session.Who:
		require.True(t, strings.HasPrefix(a.Room, "#"), "%q asks for %q", line, a.Room)
		require.LessOrEqual(t, utf8.RuneCountInString(a.Room), session.MaxName+1, "%q", line)
		return
	default:
		return
	}
	require.NotEmpty(t, e.Text, "%q says nothing", line)
	shown := string(e.AppendText(nil))
	require.True(t, strings.HasPrefix(shown, begins), "%q is shown as %q", line, shown)
	require.Equal(t, len(shown)-1, strings.Index(shown, "\n"), "%q is shown as %q", line, shown)
}

// FuzzName wants of any text: a name is a name again as it is shown, and alike to itself; and so is each that differs
// only in case.
func FuzzName(f *testing.F) {
	for _, text := range []string{"alice", "ＡＬＩＣＥ", "ВОВ", "José", "Jose\u0301", "محمد", "ẞ", "İ", "ガ", "हिन्दी", "a.b", "ΣΑΣ", "ǅ", "ᏸ", "ꭰ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, key, err := session.Name(text)
		if err != nil {
			require.Less(t, len(err.Error()), 100)
			return
		}
		again, sameKey, err := session.Name(name)
		require.NoError(t, err, "%q is shown as %q", text, name)
		require.Equal(t, name, again)
		require.Equal(t, key, sameKey)
		if _, lower, err := session.Name(strings.ToLower(name)); err == nil && !strings.Contains(name, "İ") {
			require.Equal(t, key, lower, "%q and %q", name, strings.ToLower(name))
		}
	})
}
