package cluster

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// Each row changes one thing in what could be understood.
func TestParseSaid_refusesWhatNoNodeWouldSend(t *testing.T) {
	good := func() said {
		return said{node: "a", seq: 2, prev: 1, event: session.Event{
			Kind: session.Said, ID: oldest, Time: time.UnixMicro(oldest), Room: "#lobby", From: "alice", Text: "hello",
		}}
	}
	m := good()
	_, err := parseSaid(m.append(nil), "#lobby")
	require.NoError(t, err)
	for what, change := range map[string]func(m *said){
		"no node":                        func(m *said) { m.node = "" },
		"a node with a dot":              func(m *said) { m.node = "a.b" },
		"no number":                      func(m *said) { m.seq, m.prev = 0, 0 },
		"the number of the one before":   func(m *said) { m.prev = m.seq },
		"another kind":                   func(m *said) { m.event.Kind = session.Notice },
		"an ID from before there was it": func(m *said) { m.event.ID = oldest - 1 },
		"a time from before":             func(m *said) { m.event.Time = time.UnixMicro(oldest).Add(-time.Millisecond) },
		"a time that has no date":        func(m *said) { m.event.Time = time.UnixMilli(1 << 60) },
		"another room":                   func(m *said) { m.event.Room = "#go" },
		"nobody's":                       func(m *said) { m.event.From = "" },
		"a name with brackets":           func(m *said) { m.event.From = "[alice]" },
		"an escape sequence":             func(m *said) { m.event.Text = "\x1b[31mred" },
		"two lines":                      func(m *said) { m.event.Text = "hello\n* you are now called root" },
		"a text that is too long":        func(m *said) { m.event.Text = strings.Repeat("x", maxText+1) },
	} {
		m := good()
		change(&m)
		_, err := parseSaid(m.append(nil), "#lobby")
		require.Error(t, err, what)
	}
}

func TestParseControl_refusesWhatNoNodeWouldSend(t *testing.T) {
	for _, good := range []control{
		{Kind: beat, Node: "a"},
		{Kind: delta, Node: "a", Was: "alice", Name: "anna", Room: "#go"},
		{Kind: snapshot, Node: "a", Parts: maxParts, Part: maxParts - 1, People: make([]person, 0)},
		{Kind: whisper, Node: "a", Key: strings.Repeat("k", maxKey), From: "alice"},
		{Kind: refusal, Node: "a", Key: "alice", Text: "bob: nobody here is called that"},
	} {
		_, err := parseControl(good.encode())
		require.NoError(t, err, "%+.100v", good)
	}
	for _, wrong := range []control{
		{Kind: "dance", Node: "a"},
		{Kind: beat},
		{Kind: delta, Node: "a", Name: "a b", Room: "#go"},
		{Kind: delta, Node: "a", Name: "anna", Room: "go"},
		{Kind: delta, Node: "a", Was: "\x1b", Name: "anna", Room: "#go"},
		{Kind: snapshot, Node: "a"},
		{Kind: snapshot, Node: "a", Parts: 1, Part: 1},
		{Kind: snapshot, Node: "a", Parts: 1, Part: -1},
		{Kind: snapshot, Node: "a", Parts: maxParts + 1},
		{Kind: snapshot, Node: "a", Parts: 1, People: slices.Repeat([]person{{Name: "anna", Room: "#go"}}, partSize+1)},
		{Kind: snapshot, Node: "a", Parts: 1, People: []person{{Name: "anna", Room: "\x1b"}}},
		{Kind: whisper, Node: "a", Key: strings.Repeat("k", maxKey+1)},
		{Kind: whisper, Node: "a", From: strings.Repeat("k", maxKey+1)},
		{Kind: refusal, Node: "a", Text: "\x1b[31mred"},
	} {
		_, err := parseControl(wrong.encode())
		require.Error(t, err, "%+.100v", wrong)
	}
}
