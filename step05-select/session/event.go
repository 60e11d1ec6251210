package session

import "time"

// A Kind says what has happened.
type Kind uint8

const (
	// Said: From said Text in Room.
	Said Kind = iota + 1
	// Did: From did Text in Room, as /me says it.
	Did
	// Whispered: From said Text to To and to nobody else.
	Whispered

	// Joined: From has come into Room.
	Joined
	// Left: From has left Room.
	Left
	// Renamed: From is now called To.
	Renamed
	// Gathered stands for many of the last three at once: Text says how many of each.
	Gathered

	// Named: the client itself is now called To.
	Named
	// Entered: the client itself is now in Room. Count people are there, the client included.
	Entered
	// Earlier: the next Count events were said before the client came, up to the one with the same ID; some may be hidden from it.
	// Whoever sees the text form is told so; in the page they are simply above.
	Earlier
	// Missed: the client was too slow, and Count messages in Room are lost for it.
	Missed

	// Members: the answer to /who. Names are the first of the Count people in Room.
	Members
	// Rooms: the answer to /rooms. Names are the first of the Count rooms, and how many people are in each.
	Rooms
	// Notice: Text is for this client alone: a hint, a refusal, help. It can have several lines.
	Notice
)

var kindNames = [...]string{
	Said: "said", Did: "did", Whispered: "whispered",
	Joined: "joined", Left: "left", Renamed: "renamed", Gathered: "gathered",
	Named: "named", Entered: "entered", Earlier: "earlier", Missed: "missed",
	Members: "members", Rooms: "rooms", Notice: "notice",
}

// String returns the name that the JSON form has.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "unknown"
}

// An Event is something that a client is told. Which fields mean something depends on the Kind; the others are zero.
//
// All texts are safe to show: they have come through package lines, or are ours. They are no HTML.
type Event struct {
	Kind  Kind
	ID    uint64    // of what happened in a room: larger than that of all before it, also after a restart; see Earlier; else 0
	Time  time.Time // when it happened in the room
	Room  string    // with its #
	From  string
	To    string
	Text  string
	Count int
	Names []string
}

// Spoken reports whether this is what somebody has said or done in a room: what a history keeps, and what
// can be missed.
func (e *Event) Spoken() bool { return e.Kind == Said || e.Kind == Did }

// Movement reports whether this is about coming, going and names: what /mute silences.
func (e *Event) Movement() bool {
	switch e.Kind {
	case Joined, Left, Renamed, Gathered:
		return true
	}
	return false
}
