package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestToken_isReadableAndUnlikeAnyOther(t *testing.T) {
	for text, want := range map[string]string{
		"go": "go", "größe": "gr=C3=B6=C3=9Fe", "a.b": "a=2Eb", "a>": "a=3E", "*": "=2A", "a=2Eb": "a=3D2Eb",
	} {
		require.Equal(t, want, token(text))
	}
	require.Equal(t, "chat.room.go", subjects{"chat"}.room("#go"))
}

// FuzzParse wants that nothing makes a node stumble, and that what it takes is safe to show.
func FuzzParse(f *testing.F) {
	m := said{node: "a", seq: 2, prev: 1, event: session.Event{
		Kind: session.Said, ID: oldest, Time: time.UnixMicro(oldest), Room: "#lobby", From: "alice", Text: "hello",
	}}
	f.Add(m.append(nil))
	f.Add(newSelf("a").change("", "alice", "#lobby").encode())
	f.Add(newSelf("a").snapshot()[0].encode())
	f.Add([]byte(`{"kind":"whisper","node":"a","key":"k","event":{"kind":"whispered","time":2000000000000,"from":"a","to":"b","text":"psst"}}`))
	table := newTable("self", time.Minute)
	f.Fuzz(func(t *testing.T, p []byte) {
		if m, err := parseSaid(p, "#lobby"); err == nil {
			require.True(t, validText(m.event.Text) && validName(m.event.From))
			again, err := parseSaid(m.append(nil), "#lobby")
			require.NoError(t, err)
			require.Equal(t, m, again)
		}
		if c, err := parseControl(p); err == nil {
			events, _ := table.hear(c, time.Now())
			for _, e := range events {
				require.True(t, validName(e.From) && validRoom(e.Room) && (e.To == "" || validName(e.To)))
			}
			_, _ = c.whispered()
		}
	})
}
