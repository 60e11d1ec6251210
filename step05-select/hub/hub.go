package hub

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"example.com/async/step04-chat/chat"
	"example.com/async/step05-select/session"
)

// A Hub is the chat of one server: all its rooms, and everybody's name. Make one with [New]. It
// has no goroutine and needs no end. All methods are safe for use by several goroutines.
type Hub struct {
	config Config
	stats  Stats

	mu     sync.Mutex
	names  map[string]*Member // by key; a name that is being claimed is here already
	rooms  map[string]*room   // those that somebody is in
	guests uint64             // how many names were given to those who had not chosen one
}

// A Config says how a Hub works. The zero Config is a good one.
type Config struct {
	// Capacity is how many messages of its room a client can be behind before it misses some. 0 means
	// [chat.DefaultCapacity]. It is rounded up to a power of two.
	Capacity int

	// History is how many messages a room remembers for those who come later. 0 means
	// DefaultHistory, a negative number none.
	History int

	// Link joins this hub with those of other servers. nil: there are none.
	Link Link
}

// DefaultHistory is how many messages a room remembers.
const DefaultHistory = 100

// New returns a Hub without members.
func New(config Config) *Hub {
	if config.Capacity == 0 {
		config.Capacity = chat.DefaultCapacity
	}
	if config.History == 0 {
		config.History = DefaultHistory
	}
	if config.Link == nil {
		config.Link = alone{}
	}
	h := &Hub{config: config, names: make(map[string]*Member), rooms: make(map[string]*room)}
	config.Link.Attach(h)
	return h
}

// An Entry says how a client comes in.
type Entry struct {
	// Name is what it wants to be called. If it can't have that name, or it is empty, it is called
	// guest and a number.
	Name string
	// Room is where it wants to be. If that is empty, or no name for a room, it comes to [session.Lobby].
	Room string
	// Since is the ID of the last message that it has seen there: it is told only what was said
	// after it. 0: it is told all that is remembered.
	Since uint64
	// Echo says that it gets what it says itself as well.
	Echo bool
}

// Enter lets a client in, and returns its place. What it is told first waits there: its name, its room,
// and what was said before it came. The caller calls [Member.Leave].
func (h *Hub) Enter(entry Entry) *Member {
	m := &Member{hub: h, echo: entry.Echo}
	h.stats.Users.Add(1)
	h.nameGuest(m)
	// A name that needs nobody's consent is the client's from the beginning: else everybody would be told that
	// it has come and, at once, that it is called something else.
	name, key, err := session.Name(entry.Name)
	wanted := err == nil // nobody can be called nothing
	if wanted && h.config.Link.Alone() && h.claim(m, key) == nil {
		h.setName(m, name, key)
		wanted = false
	}
	m.Tell(session.Event{Kind: session.Named, To: m.Name()})
	room, err := session.RoomName(entry.Room)
	if err != nil {
		room = session.Lobby
	}
	h.seat(m, room, entry.Since)
	if wanted {
		m.rename(name, key)
	}
	return m
}

// nameGuest gives m the next name for those who have not chosen one.
func (h *Hub) nameGuest(m *Member) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guests++
	// Nobody else can have it: session.Name refuses such names.
	name, key := session.GuestName(h.guests, h.config.Link.Suffix())
	h.names[key] = m
	m.identity.Store(&identity{name: name, key: key})
}

// setName gives m a name that is reserved for it, and returns the old one. ok is false if m has left meanwhile, and then the
// name is free again; or if Unname was faster. A name that is free again here is free for other servers first: else its next
// owner here could claim it before it is released.
func (h *Hub) setName(m *Member, name, key string) (old *identity, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m.gone {
		delete(h.names, key)
		h.config.Link.Release(key)
		return nil, false
	}
	if h.names[key] != m {
		return nil, false
	}
	old = m.identity.Swap(&identity{name: name, key: key, claimed: true})
	if old.key != key {
		h.freeName(old)
	}
	if m.seat != nil {
		h.config.Link.Present(old.name, name, m.seat.room.name)
	}
	return old, true
}

// freeName gives a name back, on all servers if it was claimed there. mu is held.
func (h *Hub) freeName(name *identity) {
	delete(h.names, name.key)
	if name.claimed {
		h.config.Link.Release(name.key)
	}
}

// seat moves a member to a room, which is made if there is none of that name. What m is told, and the others, is told when
// the hub's lock is free again.
func (h *Hub) seat(m *Member, name string, since uint64) {
	m.changing.Lock()
	defer m.changing.Unlock()
	h.mu.Lock()
	old, untold := h.unseat(m)
	r := h.rooms[name]
	if r == nil {
		r = newRoom(h, name)
		h.rooms[name] = r
		h.config.Link.OpenRoom(Room{r})
	}
	earlier, people := r.enter(m, since)
	was := ""
	if old != nil {
		was = m.Name()
	}
	h.config.Link.Present(was, m.Name(), name)
	h.mu.Unlock()

	m.inbox.put(untold...)
	if old != nil {
		old.moved(nil, session.Event{Kind: session.Left, From: m.Name()})
	}
	_, elsewhere := h.config.Link.Elsewhere(name, 0)
	m.Tell(session.Event{Kind: session.Entered, Room: name, Count: people + elsewhere})
	m.recall(name, earlier)
	m.recall(name, r.settle(m.seat))
	r.moved(m.seat, session.Event{Kind: session.Joined, From: m.Name()})
}

// unseat takes a member out of its room, if it has one, and returns that and what the member has not got of what was said
// there. The room is forgotten if nobody is left in it. mu is held.
func (h *Hub) unseat(m *Member) (old *room, untold []*session.Message) {
	if m.seat == nil {
		return nil, nil
	}
	old = m.seat.room
	untold, left := old.leave(m)
	if left == 0 {
		delete(h.rooms, old.name)
		h.config.Link.CloseRoom(old.name)
	}
	m.seat = nil
	return old, untold
}

// errTaken is why a name can't be had that somebody else has.
var errTaken = errors.New("somebody else is called that, or nearly that")

// claim reserves a name for m. It can be another form of the name that m has.
func (h *Hub) claim(m *Member, key string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if holder := h.names[key]; holder != nil && holder != m {
		return errTaken
	}
	h.names[key] = m
	return nil
}

// unclaim gives a name back that was claimed and could not be had.
func (h *Hub) unclaim(m *Member, key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.names[key] == m && m.identity.Load().key != key {
		delete(h.names, key)
	}
}

// named returns the member whose name has that key; nil if there is none.
func (h *Hub) named(key string) *Member {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := h.names[key]; m != nil && m.identity.Load().key == key {
		return m
	}
	return nil
}

// inRoom calls f for the room of that name, if somebody is in it, and reports whether that is so.
func (h *Hub) inRoom(name string, f func(r *room)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[name]
	if r != nil {
		f(r)
	}
	return r != nil
}

// Tell tells everybody something, whatever room they are in: that another server can't be reached, say.
func (h *Hub) Tell(text string) {
	h.mu.Lock()
	var rooms []*room
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.announce(nil, session.Event{Kind: session.Notice, Text: text})
	}
}

// Stats returns what the hub has counted so far.
func (h *Hub) Stats() *Stats { return &h.stats }

// Stats are numbers of a running Hub. Each may be read at any time.
type Stats struct {
	Users     atomic.Int64  // who is in the chat
	Rooms     atomic.Int64  // in which somebody is
	Said      atomic.Uint64 // messages
	Delivered atomic.Uint64 // messages and notices of rooms, to each who was shown them, also those from before it came
	Missed    atomic.Uint64 // messages, by each who was too slow for them
}

// now is when something happens in a room.
func now() time.Time { return time.Now() }
