package party

import (
	"slices"
	"sync"
	"sync/atomic"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// A truth is what has really happened in all rooms in one round.
type truth struct {
	run *run

	mu    sync.Mutex
	open  map[string]*room
	rooms []*room           // also those that are closed
	last  map[uint32]uint32 // of each client: the number of its last line
	count map[uint32]int    // and how many there were

	where map[tag]place // filled by seal
}

// A room is one from its first member to its last one. If somebody comes again, that is another one.
type room struct {
	name      string
	events    []happening // ordered by id when the truth is sealed
	witnessed bool        // the witness has seen all who came and went
}

// A happening is what was said (or done), or that somebody came, went or changed the name.
type happening struct {
	id    uint64
	tag   tag // zero if it is no line of ours
	from  string
	moved bool
}

// by reports whether a client has said this. Rubbish is known by the name alone: who says it keeps the one it has.
func (h *happening) by(client uint32, name string) bool {
	return h.tag.client == client || h.tag == tag{} && h.from == name
}

type place struct {
	room  *room
	index int
}

func newTruth(r *run) *truth {
	return &truth{run: r, open: make(map[string]*room), last: make(map[uint32]uint32), count: make(map[uint32]int)}
}

func (t *truth) opened(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open[name] != nil {
		t.run.fault("room %s has been opened, and was not closed before", name)
	}
	t.open[name] = &room{name: name}
	t.rooms = append(t.rooms, t.open[name])
}

func (t *truth) closed(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, name)
}

// said is called by the goroutine of who says it, before it goes on.
func (t *truth) said(e session.Event) {
	tag, ours := tagOf(e.Text)
	t.mu.Lock()
	defer t.mu.Unlock()
	room := t.open[e.Room]
	if room == nil {
		t.run.fault("%s has said %q in %s, where nobody is", e.From, e.Text, e.Room)
		return
	}
	room.events = append(room.events, happening{id: e.ID, tag: tag, from: e.From})
	if !ours {
		return
	}
	t.count[tag.client]++
	if last := t.last[tag.client]; tag.number <= last {
		t.run.fault("client %d has said line %d after line %d", tag.client, tag.number, last)
	}
	t.last[tag.client] = tag.number
}

// watch returns the room in which a witness is now, which sees all who come and go.
func (t *truth) watch(name string) *room {
	t.mu.Lock()
	defer t.mu.Unlock()
	room := t.open[name]
	if room != nil {
		room.witnessed = true
	}
	return room
}

// moved is called by the witness of a room, also when it reads what is left after the room was closed.
func (t *truth) moved(room *room, e session.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	room.events = append(room.events, happening{id: e.ID, from: e.From, moved: true})
}

// blind says that the witness of a room has missed something.
func (t *truth) blind(room *room) {
	t.mu.Lock()
	defer t.mu.Unlock()
	room.witnessed = false
}

// mark returns the ID of what was said last in a room, 0 if nothing was.
func (t *truth) mark(name string) (id uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := t.open[name]; room != nil {
		for _, e := range slices.Backward(room.events) {
			if !e.moved {
				return e.id // the last but one may be larger: that makes the check only a little milder
			}
		}
	}
	return 0
}

// published is how many lines of a client were said.
func (t *truth) published(client uint32) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count[client]
}

// seal orders what has happened. Nothing may happen any more.
func (t *truth) seal() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.where = make(map[tag]place)
	for _, room := range t.rooms {
		slices.SortFunc(room.events, func(a, b happening) int {
			switch {
			case a.id < b.id:
				return -1
			case a.id > b.id:
				return 1
			}
			return 0
		})
		last := make(map[uint32]uint32)
		for i, e := range room.events {
			if i > 0 && e.id == room.events[i-1].id {
				t.run.fault("in %s two things have the ID %d", room.name, e.id)
			}
			if e.tag == (tag{}) {
				continue
			}
			t.where[e.tag] = place{room, i}
			if e.tag.number < last[e.tag.client] {
				t.run.fault("in %s, %v has a larger ID than line %d", room.name, e.tag, last[e.tag.client])
			}
			last[e.tag.client] = e.tag.number
		}
	}
}

// A spy is the hub's link to other servers, of which there are none: it only writes down what the hub tells it.
type spy struct{ truth atomic.Pointer[truth] }

var _ hub.Link = (*spy)(nil)

func (*spy) Attach(*hub.Hub)                               {}
func (*spy) Alone() bool                                   { return true }
func (*spy) Suffix() string                                { return "" }
func (s *spy) OpenRoom(r hub.Room)                         { s.truth.Load().opened(r.Name()) }
func (s *spy) CloseRoom(name string)                       { s.truth.Load().closed(name) }
func (s *spy) Publish(e session.Event)                     { s.truth.Load().said(e) }
func (*spy) Present(_, _, _ string)                        {}
func (*spy) Claim(_, _ string, done func(error))           { done(nil) }
func (*spy) Release(string)                                {}
func (*spy) Whisper(string, session.Event) (string, bool)  { return "", false }
func (*spy) Elsewhere(string, int) (names []string, n int) { return nil, 0 }
func (*spy) Rooms() map[string]int                         { return nil }
