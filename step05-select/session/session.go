package session

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Session is what one client of the chat has told it so far. The zero value is that of a
// client whose name and room are not yet known: [Session.Shows] is told both.
//
// It is not safe for use by several goroutines.
type Session struct {
	name    string
	room    string
	muted   bool
	ignored map[string]struct{} // keys of names
}

// maxIgnored bounds what one client can make the server remember.
const maxIgnored = 100

// MaxRecall is how many messages /history shows at most, whatever the server keeps.
const MaxRecall = 1000

// Name returns the name that the client was last told that it has.
func (s *Session) Name() string { return s.name }

// Room returns the room that it was last told to be in.
func (s *Session) Room() string { return s.room }

// Line says what a line means that the client has typed, given without its end: an action for the hub,
// or a reply to the client. At most one of them is something. The line may be used again afterwards.
func (s *Session) Line(line []byte) (Action, *Event) {
	text := strings.TrimSpace(string(line))
	switch {
	case text == "":
		return Action{}, nil // who presses Enter says nothing
	case strings.HasPrefix(text, "//"):
		return Action{Verb: Say, Text: text[1:]}, nil
	case text[0] != '/':
		return Action{Verb: Say, Text: text}, nil
	}
	name, rest, _ := strings.Cut(text[1:], " ")
	c, ok := find(name)
	if !ok {
		return Action{}, hint(name)
	}
	return c.run(s, strings.TrimSpace(rest))
}

// Shows reports whether the client is to be told of the event. It is asked for each, in order, before the event is
// shown: so the Session knows its client's name and room.
func (s *Session) Shows(e *Event) bool {
	switch {
	case e.Kind == Named:
		s.name = e.To
	case e.Kind == Entered:
		s.room = e.Room
	case e.Movement():
		return !s.muted
	case e.Spoken() || e.Kind == Whispered:
		return !s.ignores(e.From)
	}
	return true
}

func (s *Session) ignores(name string) bool {
	if len(s.ignored) == 0 {
		return false
	}
	_, ignored := s.ignored[keyOf(name)]
	return ignored
}

func (s *Session) nick(rest string) (Action, *Event) {
	name, key, err := Name(rest)
	if err != nil {
		return Action{}, notice("you can't be called that: " + err.Error())
	}
	if name == s.name {
		return Action{}, notice("that is your name")
	}
	return Action{Verb: Rename, Name: name, Key: key}, nil
}

func (s *Session) join(rest string) (Action, *Event) {
	room, err := RoomName(rest)
	switch {
	case err != nil:
		return Action{}, notice("a room can't be called that: " + err.Error())
	case room == s.room:
		return Action{}, notice("you are in " + room)
	}
	return Action{Verb: Join, Room: room}, nil
}

func (s *Session) leave(string) (Action, *Event) {
	if s.room == Lobby {
		return Action{}, notice("you are in " + Lobby + ": there is no way back from here but /quit")
	}
	return Action{Verb: Join, Room: Lobby}, nil
}

func (s *Session) who(rest string) (Action, *Event) {
	room := s.room
	if rest != "" {
		var err error
		if room, err = RoomName(rest); err != nil {
			return Action{}, notice("there is no such room: " + err.Error())
		}
	}
	return Action{Verb: Who, Room: room}, nil
}

func (s *Session) me(rest string) (Action, *Event) {
	if rest == "" {
		return Action{}, usage("me")
	}
	return Action{Verb: Act, Text: rest}, nil
}

func (s *Session) msg(rest string) (Action, *Event) {
	to, text, _ := strings.Cut(rest, " ")
	if text = strings.TrimSpace(text); text == "" {
		return Action{}, usage("msg")
	}
	return Action{Verb: Whisper, Name: to, Key: keyOf(to), Text: text}, nil
}

func (s *Session) history(rest string) (Action, *Event) {
	count := MaxRecall
	if rest != "" {
		var err error
		if count, err = strconv.Atoi(rest); err != nil || count < 1 {
			return Action{}, usage("history")
		}
	}
	return Action{Verb: Recall, Count: min(count, MaxRecall)}, nil
}

func (s *Session) mute(string) (Action, *Event) {
	s.muted = !s.muted
	if s.muted {
		return Action{}, notice("who comes and goes is hidden; /mute shows it again")
	}
	return Action{}, notice("who comes and goes is shown")
}

func (s *Session) ignore(rest string) (Action, *Event) {
	switch {
	case rest == "":
		return Action{}, usage("ignore")
	case utf8.RuneCountInString(rest) > 2*MaxName: // else a hundred of them could be a lot to remember
		return Action{}, notice("nobody can be called that: " + errLength.Error())
	}
	key := keyOf(rest)
	if _, ignored := s.ignored[key]; ignored {
		delete(s.ignored, key)
		return Action{}, notice("what " + short(rest) + " says is shown again")
	}
	if len(s.ignored) >= maxIgnored {
		return Action{}, notice("you ignore " + strconv.Itoa(maxIgnored) + " people, which is as many as one can")
	}
	if s.ignored == nil {
		s.ignored = make(map[string]struct{})
	}
	s.ignored[key] = struct{}{}
	return Action{}, notice("what " + short(rest) + " says is hidden; the same again shows it")
}

// usage says how a command is used.
func usage(name string) *Event {
	c, _ := find(name)
	return notice("use it so: /" + c.name + " " + c.arguments)
}
