package client

import "sync"

// A Room gives what one member says to all others. The zero value is an empty room. It is safe for
// use by several goroutines.
type Room struct {
	mu      sync.Mutex
	members map[*Member]bool
}

// mostBehind is how many messages a member may be behind.
const mostBehind = 16

// Join adds a member. The caller calls Leave.
func (r *Room) Join() *Member {
	messages := make(chan string, mostBehind)
	m := &Member{Messages: messages, messages: messages, room: r}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members == nil {
		r.members = make(map[*Member]bool)
	}
	r.members[m] = true
	return m
}

// Members counts those who have joined and not left.
func (r *Room) Members() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members)
}

// A Member is one client's place in the room.
type Member struct {
	// Messages has what others say, a line each, without its end. It is never closed: whoever waits
	// for a message has to wait for something else, too.
	Messages <-chan string

	messages chan<- string
	room     *Room
}

// Send gives a line to all other members. It never waits: a member that is too far behind misses it.
func (m *Member) Send(line string) {
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	for other := range m.room.members {
		if other == m {
			continue
		}
		select {
		case other.messages <- line:
		default:
		}
	}
}

// Leave takes the member out. Who has left can't leave again: then Leave panics.
func (m *Member) Leave() {
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	if !m.room.members[m] {
		panic("client: a member has left twice")
	}
	delete(m.room.members, m)
}
