package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/async/step05-select/session"
)

// What the text form has no place for is left out here.
var events = []session.Event{
	{Kind: session.Said, From: "alice", Text: "hello] * you"},
	{Kind: session.Did, From: "alice", Text: "waves"},
	{Kind: session.Whispered, From: "alice", To: "bob", Text: "psst"},
	{Kind: session.Joined, From: "alice", Room: "#go"},
	{Kind: session.Left, From: "alice", Room: "#go"},
	{Kind: session.Renamed, From: "alice", To: "bob"},
	{Kind: session.Gathered, Text: "3 people have joined, 1 has left"},
	{Kind: session.Gathered, Text: "2 have left"},
	{Kind: session.Named, To: "bob"},
	{Kind: session.Entered, Room: "#go", Count: 1},
	{Kind: session.Entered, Room: "#go", Count: 2},
	{Kind: session.Entered, Room: "#go", Count: 12},
	{Kind: session.Earlier, Count: 1},
	{Kind: session.Missed, Count: 120},
	{Kind: session.Members, Room: "#go", Count: 1, Names: []string{"alice"}},
	{Kind: session.Members, Room: "#go", Count: 7, Names: []string{"alice", "bob"}},
	{Kind: session.Rooms, Count: 2, Names: []string{"#go (2)", "#tea (1)"}},
	{Kind: session.Notice, Text: "you talk too much: nobody has got your line"},
}

func TestParse_isTheInverseOfAppendText(t *testing.T) {
	for _, e := range events {
		assert.Equal(t, e, Parse(strings.TrimSuffix(string(e.AppendText(nil)), "\n")))
	}
}

func TestParse_takesWhatItDoesNotKnowForANotice(t *testing.T) {
	for _, line := range []string{"", "what?", "[", "[x"} {
		assert.Equal(t, session.Event{Kind: session.Notice, Text: line}, Parse(line))
	}
}
