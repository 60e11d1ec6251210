package session_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// told returns a Session whose client is alice in a room.
func told(room string) *session.Session {
	s := new(session.Session)
	s.Shows(&session.Event{Kind: session.Named, To: "alice"})
	s.Shows(&session.Event{Kind: session.Entered, Room: room})
	return s
}

func TestLine_meansAnActionOrIsAnswered(t *testing.T) {
	say := func(text string) session.Action { return session.Action{Verb: session.Say, Text: text} }
	whisper := func(name, key, text string) session.Action {
		return session.Action{Verb: session.Whisper, Name: name, Key: key, Text: text}
	}
	for _, c := range []struct {
		room, line string
		action     session.Action
		reply      string // what is in the notice; empty if there is none
	}{
		{"#lobby", "", session.Action{}, ""},
		{"#lobby", "   ", session.Action{}, ""},
		{"#lobby", "hello", say("hello"), ""},
		{"#lobby", "  hello  all ", say("hello  all"), ""},
		{"#lobby", "//shrug", say("/shrug"), ""},
		{"#lobby", " ///", say("//"), ""},
		{"#lobby", "//", say("/"), ""},
		{"#lobby", "1/2", say("1/2"), ""},

		{"#lobby", "/nick Bob", session.Action{Verb: session.Rename, Name: "Bob", Key: "bob"}, ""},
		{"#lobby", "/NICK  Bob ", session.Action{Verb: session.Rename, Name: "Bob", Key: "bob"}, ""},
		{"#lobby", "/nick Alice", session.Action{Verb: session.Rename, Name: "Alice", Key: "allce"}, ""},
		{"#lobby", "/nick alice", session.Action{}, "that is your name"},
		{"#lobby", "/nick", session.Action{}, "you can't be called that: it needs 1 to 20 letters"},
		{"#lobby", "/nick a b", session.Action{}, "you can't be called that: letters, digits"},

		{"#lobby", "/join #go", session.Action{Verb: session.Join, Room: "#go"}, ""},
		{"#lobby", "/join Go", session.Action{Verb: session.Join, Room: "#go"}, ""},
		{"#go", "/join GO", session.Action{}, "you are in #go"},
		{"#lobby", "/join", session.Action{}, "a room can't be called that: it needs 1 to 20 letters"},
		{"#lobby", "/join ##go", session.Action{}, "a room can't be called that: letters, digits"},
		{"#go", "/leave", session.Action{Verb: session.Join, Room: "#lobby"}, ""},
		{"#lobby", "/leave", session.Action{}, "no way back from here but /quit"},

		{"#go", "/rooms", session.Action{Verb: session.ListRooms}, ""},
		{"#go", "/who", session.Action{Verb: session.Who, Room: "#go"}, ""},
		{"#go", "/who Rust", session.Action{Verb: session.Who, Room: "#rust"}, ""},
		{"#go", "/who no room", session.Action{}, "there is no such room: letters, digits"},
		{"#go", "/me waves  at all", session.Action{Verb: session.Act, Text: "waves  at all"}, ""},
		{"#go", "/me ", session.Action{}, "use it so: /me TEXT"},
		{"#go", "/msg Bob hi there", whisper("Bob", "bob", "hi there"), ""},
		{"#go", "/msg  guest7   hi", whisper("guest7", "guest7", "hi"), ""},
		{"#go", "/msg Bob", session.Action{}, "use it so: /msg NAME TEXT"},
		{"#go", "/msg", session.Action{}, "use it so: /msg NAME TEXT"},
		{"#go", "/history", session.Action{Verb: session.Recall, Count: session.MaxRecall}, ""},
		{"#go", "/history 5", session.Action{Verb: session.Recall, Count: 5}, ""},
		{"#go", "/history 1001", session.Action{Verb: session.Recall, Count: session.MaxRecall}, ""},
		{"#go", "/history 0", session.Action{}, "use it so: /history [N]"},
		{"#go", "/history -1", session.Action{}, "use it so: /history [N]"},
		{"#go", "/history 99999999999999999999", session.Action{}, "use it so: /history [N]"},
		{"#go", "/history five", session.Action{}, "use it so: /history [N]"},
		{"#go", "/ignore", session.Action{}, "use it so: /ignore NAME"},
		{"#go", "/ignore " + strings.Repeat("é", 41), session.Action{}, "nobody can be called that: it needs 1 to 20 letters"},
		{"#go", "/quit", session.Action{Verb: session.Quit}, ""},
		{"#go", "/quit now", session.Action{Verb: session.Quit}, ""},

		{"#go", "/", session.Action{}, "there is no /; /help lists what there is"},
		{"#go", "/dance", session.Action{}, "there is no /dance; /help lists what there is"},
		{"#go", "/jion #go", session.Action{}, "there is no /jion: did you mean /join?"},
		{"#go", "/nik x", session.Action{}, "did you mean /nick?"},
		{"#go", "/nnick x", session.Action{}, "did you mean /nick?"},
		{"#go", "/nock x", session.Action{}, "did you mean /nick?"},
		{"#go", "/Rooom", session.Action{}, "there is no /Rooom; /help"},
		{"#go", "/roms", session.Action{}, "did you mean /rooms?"},
		{"#go", "/HIST", session.Action{}, "there is no /HIST: did you mean /history?"},
		{"#go", "/ms", session.Action{}, "did you mean /msg?"},
		{"#go", "/mu", session.Action{}, "did you mean /mute?"},
		{"#go", "/q", session.Action{}, "there is no /q; /help"},
		{"#go", "/会", session.Action{}, "there is no /会; /help"},
	} {
		action, reply := told(c.room).Line([]byte(c.line))
		assert.Equal(t, c.action, action, "%q in %s", c.line, c.room)
		switch {
		case c.reply == "":
			assert.Nil(t, reply, "%q is no line to be answered", c.line)
		case assert.NotNil(t, reply, "%q must be answered", c.line):
			assert.Equal(t, session.Notice, reply.Kind)
			assert.Contains(t, reply.Text, c.reply, "%q in %s", c.line, c.room)
		}
	}
}

func TestLine_helpListsAllCommands(t *testing.T) {
	_, reply := told("#go").Line([]byte("/help"))
	rows := strings.Split(reply.Text, "\n")
	require.Len(t, rows, 13)
	for _, name := range []string{"nick", "join", "leave", "rooms", "who", "me", "msg", "history", "mute", "ignore", "help", "quit", "/TEXT"} {
		require.True(t, strings.Contains(reply.Text, "/"+name+" "), "/%s is missing", name)
	}
	for _, row := range rows {
		require.Equal(t, ' ', rune(row[17]), "%q: the second column begins at 18", row)
		require.NotEqual(t, ' ', rune(row[18]), "%q: the second column begins at 18", row)
	}
}

func TestLine_doesNotKeepTheBytes(t *testing.T) {
	line := []byte("hello")
	action, _ := told("#go").Line(line)
	copy(line, "HELLO")
	require.Equal(t, "hello", action.Text)
}

// A line can have 4 KiB. What is answered is short, takes little time, and leaves nothing behind.
func TestLine_longWordsAreAnsweredShortly(t *testing.T) {
	for _, letter := range []string{"x", "好", "\u0301", "ﷺ"} {
		long := strings.Repeat(letter, 4000/len(letter))
		for _, line := range []string{
			"/" + long, "/nick " + long, "/join " + long, "/who " + long, "/ignore " + long, "/history " + long,
		} {
			start := time.Now()
			action, reply := told("#go").Line([]byte(line))
			require.Less(t, time.Since(start), time.Second, "%.20q", line)
			require.Equal(t, session.Action{}, action)
			require.NotNil(t, reply)
			require.Less(t, len(reply.Text), 200, "%.20q is answered by %.300q", line, reply.Text)
		}
	}
}

func TestLine_ignoresAtMostAHundredPeople(t *testing.T) {
	s := told("#go")
	for i := range 100 {
		_, reply := s.Line(fmt.Appendf(nil, "/ignore user%d", i))
		require.Equal(t, fmt.Sprintf("what user%d says is hidden; the same again shows it", i), reply.Text)
	}
	_, reply := s.Line([]byte("/ignore bob"))
	require.Equal(t, "you ignore 100 people, which is as many as one can", reply.Text)
	_, reply = s.Line([]byte("/ignore user7"))
	require.Equal(t, "what user7 says is shown again", reply.Text)
	_, reply = s.Line([]byte("/ignore bob"))
	require.Equal(t, "what bob says is hidden; the same again shows it", reply.Text)
}

func TestShows_whatTheClientWants(t *testing.T) {
	s := told("#go")
	shown := func(kind session.Kind, from string) bool {
		return s.Shows(&session.Event{Kind: kind, From: from, To: "alice", Room: "#go"})
	}
	speech := []session.Kind{session.Said, session.Did, session.Whispered}
	movement := []session.Kind{session.Joined, session.Left, session.Renamed, session.Gathered}
	others := []session.Kind{session.Named, session.Entered, session.Earlier, session.Missed, session.Members, session.Rooms, session.Notice}
	check := func(when string, kinds []session.Kind, from string, want bool) {
		t.Helper()
		for _, kind := range kinds {
			require.Equal(t, want, shown(kind, from), "%s: is %s by %s shown?", when, kind, from)
		}
	}
	check("at first", speech, "bob", true)
	check("at first", movement, "bob", true)

	s.Line([]byte("/ignore B0B")) // the digit 0
	check("bob is ignored", speech, "bob", false)
	check("bob is ignored", speech, "Вob", true) // the Cyrillic В is no such letter
	check("bob is ignored", speech, "carol", true)
	check("bob is ignored", movement, "bob", true)
	check("bob is ignored", others, "bob", true)
	s.Line([]byte("/ignore bob"))
	check("bob is ignored no more", speech, "bob", true)

	_, reply := s.Line([]byte("/mute"))
	require.Equal(t, "who comes and goes is hidden; /mute shows it again", reply.Text)
	check("muted", movement, "bob", false)
	check("muted", speech, "bob", true)
	check("muted", others, "", true)
	_, reply = s.Line([]byte("/mute"))
	require.Equal(t, "who comes and goes is shown", reply.Text)
	check("not muted", movement, "bob", true)
}

func TestShows_remembersNameAndRoom(t *testing.T) {
	s := new(session.Session)
	require.Empty(t, s.Name()+s.Room())
	s.Shows(&session.Event{Kind: session.Named, To: "bob"})
	s.Shows(&session.Event{Kind: session.Entered, Room: "#go"})
	s.Shows(&session.Event{Kind: session.Renamed, From: "x", To: "y"})
	s.Shows(&session.Event{Kind: session.Joined, From: "x", Room: "#rust"})
	require.Equal(t, "bob", s.Name())
	require.Equal(t, "#go", s.Room())
}

// A line that is said costs one copy of its text and no more.
func TestLine_allocatesNothingButTheText(t *testing.T) {
	s, line := told("#go"), []byte("hello, this is an ordinary line of chat")
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { s.Line(line) }), 1.0)
}
