package session

import (
	"slices"
	"strings"
)

// A Verb says what an [Action] does.
type Verb uint8

const (
	// Nothing is to be done by anybody else.
	Nothing Verb = iota
	// Say says Text in the room; Act says it as /me does.
	Say
	Act
	// Whisper says Text to Name alone.
	Whisper
	// Join moves to Room.
	Join
	// Rename takes Name as the client's own.
	Rename
	// Who asks who is in Room, ListRooms which rooms there are, and Recall for the last Count messages of the room.
	Who
	ListRooms
	Recall
	// Quit leaves the chat.
	Quit
)

var verbNames = [...]string{"nothing", "say", "act", "whisper", "join", "rename", "who", "list rooms", "recall", "quit"}

// String returns the name in small letters.
func (v Verb) String() string {
	if int(v) < len(verbNames) {
		return verbNames[v]
	}
	return "unknown"
}

// An Action is what a line asks of the hub. Which fields mean something depends on the Verb. Names and rooms
// are checked already: a Name is one that [Name] accepts, with its Key.
type Action struct {
	Verb  Verb
	Room  string
	Name  string
	Key   string
	Text  string
	Count int
}

// A command is what stands behind a slash.
type command struct {
	name      string
	arguments string // as /help shows them
	help      string
	// run says what the command means. rest is what stands behind its name, without spaces around it.
	run func(s *Session, rest string) (Action, *Event)
}

// commands in the order in which /help lists them. It is filled by init, because /help itself reads it.
var commands []command

func init() {
	commands = []command{
		{"nick", "NAME", "be called NAME", (*Session).nick},
		{"join", "ROOM", "go to a room; it is made if there is none", (*Session).join},
		{"leave", "", "go back to " + Lobby, (*Session).leave},
		{"rooms", "", "list the rooms", func(*Session, string) (Action, *Event) { return Action{Verb: ListRooms}, nil }},
		{"who", "[ROOM]", "list who is here, or in another room", (*Session).who},
		{"me", "TEXT", "say what you do: /me waves", (*Session).me},
		{"msg", "NAME TEXT", "say something to one person alone", (*Session).msg},
		{"history", "[N]", "show the last N messages of the room", (*Session).history},
		{"mute", "", "hide who comes and goes; again to show it", (*Session).mute},
		{"ignore", "NAME", "hide what somebody says; again to show it", (*Session).ignore},
		{"help", "", "this list", func(*Session, string) (Action, *Event) { return Action{}, notice(help()) }},
		{"quit", "", "leave; so does Ctrl-C", func(*Session, string) (Action, *Event) { return Action{Verb: Quit}, nil }},
	}
}

// find returns the command of that name; ok is false if there is none. Case does not matter.
func find(name string) (c command, ok bool) {
	i := slices.IndexFunc(commands, func(c command) bool { return strings.EqualFold(c.name, name) })
	if i < 0 {
		return command{}, false
	}
	return commands[i], true
}

// help lists the commands.
func help() string {
	var text strings.Builder
	for _, c := range commands {
		usage := strings.TrimSpace("/" + c.name + " " + c.arguments)
		text.WriteString(usage + strings.Repeat(" ", max(1, 18-len(usage))) + c.help + "\n")
	}
	text.WriteString("//TEXT            say a line that begins with a slash")
	return text.String()
}

// hint answers a command that there is not. It names the one that was meant, if that is easy to tell.
func hint(name string) *Event {
	typed := strings.ToLower(name)
	for _, meant := range []func(typed, meant string) bool{begins, near} {
		for _, c := range commands {
			if meant(typed, c.name) {
				return notice("there is no /" + name + ": did you mean /" + c.name + "?")
			}
		}
	}
	return notice("there is no /" + short(name) + "; /help lists what there is")
}

// begins reports whether the first letters are all that was typed.
func begins(typed, meant string) bool { return len(typed) >= 2 && strings.HasPrefix(meant, typed) }

// near reports whether one letter too many, too few or wrong, or two letters the wrong way round, is all that
// is between what was typed and what was meant.
func near(typed, meant string) bool {
	same := 0
	for same < min(len(typed), len(meant)) && typed[same] == meant[same] {
		same++
	}
	typed, meant = typed[same:], meant[same:]
	switch len(typed) - len(meant) {
	case 1:
		return typed[1:] == meant
	case -1:
		return typed == meant[1:]
	case 0:
		return typed == "" || typed[1:] == meant[1:] ||
			len(typed) >= 2 && typed[0] == meant[1] && typed[1] == meant[0] && typed[2:] == meant[2:]
	}
	return false
}

// short keeps an answer from being as long as what was typed.
func short(text string) string {
	const most = 20
	for i := range text {
		if i > most {
			return text[:i] + "…"
		}
	}
	return text
}

func notice(text string) *Event { return &Event{Kind: Notice, Text: text} }
