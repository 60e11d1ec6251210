package hub

import "example.com/async/step05-select/session"

// A Link joins a hub with those of other servers. Package cluster has one over NATS.
//
// None of the methods waits for the network: some are called with the hub's lock held. None but Attach
// calls the hub back before it returns.
type Link interface {
	// Attach tells the link its hub, before anything else.
	Attach(h *Hub)

	// Alone reports whether there are no other servers, and never will be.
	Alone() bool

	// Suffix is what tells the names of this server's guests from those of others.
	Suffix() string

	// OpenRoom says that a room has its first member here, CloseRoom that it has none any more. If it is opened
	// again, that is another Room.
	OpenRoom(r Room)
	CloseRoom(name string)

	// Publish passes on what a member here has said in its room.
	Publish(e session.Event)

	// Present says who is here: who was called was is now called name, and is in room. was is empty for one who has
	// just come, room is empty for one who has gone. It is called with the hub's lock held, so in the order in which all
	// that happens.
	Present(was, name, room string)

	// Claim asks for a name. done is called once, by any goroutine: with nil if the name is free and now
	// this server's, until Release.
	Claim(name, key string, done func(err error))
	Release(key string)

	// Whisper passes e on to the server of the member whose name has that key, and returns the name. ok is false if
	// there is none that is known of.
	Whisper(key string, e session.Event) (name string, ok bool)

	// Elsewhere returns how many people are in a room on other servers, and the names of some: at most so many.
	Elsewhere(room string, most int) (names []string, count int)

	// Rooms returns the rooms of other servers, and how many people are in each there.
	Rooms() map[string]int
}

// alone is the Link of a server that has no others.
type alone struct{}

func (alone) Attach(*Hub)                                  {}
func (alone) Alone() bool                                  { return true }
func (alone) Suffix() string                               { return "" }
func (alone) OpenRoom(Room)                                {}
func (alone) CloseRoom(string)                             {}
func (alone) Publish(session.Event)                        {}
func (alone) Present(_, _, _ string)                       {}
func (alone) Claim(_, _ string, done func(error))          { done(nil) }
func (alone) Release(string)                               {}
func (alone) Whisper(string, session.Event) (string, bool) { return "", false }
func (alone) Elsewhere(string, int) ([]string, int)        { return nil, 0 }
func (alone) Rooms() map[string]int                        { return nil }
