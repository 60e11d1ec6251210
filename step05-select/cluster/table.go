package cluster

import (
	"time"

	"example.com/async/step05-select/session"
)

// A table is who is on the other nodes, as they have told. It knows no clock: whoever calls it says what time it is.
type table struct {
	self   string
	expiry time.Duration // after so long without a sign of life a node is gone
	peers  map[string]*peer
	people int
	rooms  map[string]map[place]string // who is in a room: names

	// The number of each node's last whisper. It is remembered when the node is gone: one that was only cut off sends
	// again what may have been heard.
	whispers map[string]uint64
}

// A place is one person in the table: several nodes may have one of the same name for a while.
type place struct{ node, key string }

// A peer is another node.
type peer struct {
	version uint64
	current bool // all changes up to version are known
	heard   time.Time
	asked   time.Time         // for a snapshot
	people  map[string]person // by key
	parts   []person          // of a snapshot that is not complete
	part    int
}

const (
	maxPeers  = maxMarks
	maxPeople = 1 << 20
	// askAgain is after how long a node is asked once more for its snapshot.
	askAgain = time.Second
)

func newTable(self string, expiry time.Duration) *table {
	return &table{
		self: self, expiry: expiry, peers: make(map[string]*peer), rooms: make(map[string]map[place]string),
		whispers: make(map[string]uint64),
	}
}

// hear takes what another node tells. It returns what has happened in rooms by that, and whether the node is to be asked for a
// snapshot.
func (t *table) hear(c control, now time.Time) (events []session.Event, ask bool) {
	if c.Node == t.self {
		return nil, false
	}
	if c.Kind == gone {
		return t.remove(c.Node), false
	}
	p := t.peer(c.Node)
	if p == nil {
		return nil, false
	}
	p.heard = now
	switch c.Kind {
	case beat, hello:
		p.current = p.current && c.Version == p.version
	case delta:
		switch {
		case p.current && c.Version == p.version+1:
			p.version++
			events = t.move(c.Node, p, c.Was, person{Name: c.Name, Room: c.Room})
		case c.Version > p.version:
			p.current = false
		}
	case snapshot:
		events = t.collect(c, p)
	}
	if !p.current && now.Sub(p.asked) >= askAgain {
		p.asked = now
		ask = true
	}
	return events, ask
}

// hearWhisper reports whether this whisper has not come before.
func (t *table) hearWhisper(c control) bool {
	last, known := t.whispers[c.Node]
	if t.peers[c.Node] == nil || c.Seq <= last {
		return false
	}
	if !known && len(t.whispers) == maxPeers {
		for node := range t.whispers { // any of them: nobody has so many
			delete(t.whispers, node)
			break
		}
	}
	t.whispers[c.Node] = c.Seq
	return true
}

// peer returns the node of that ID. It is nil if there are too many.
func (t *table) peer(node string) *peer {
	p := t.peers[node]
	if p == nil && len(t.peers) < maxPeers {
		p = &peer{people: make(map[string]person)}
		t.peers[node] = p
	}
	return p
}

// collect takes one part of a snapshot. With the last one, the people of the node are those that it tells of.
func (t *table) collect(c control, p *peer) (events []session.Event) {
	if c.Part == 0 {
		p.parts, p.part = nil, 0
	}
	if c.Part != p.part {
		return nil // one of the parts is lost: it will be asked again
	}
	p.parts = append(p.parts, c.People...)
	p.part++
	if p.part < c.Parts {
		return nil
	}
	people := make(map[string]person, len(p.parts))
	for _, one := range p.parts {
		people[session.Key(one.Name)] = one
	}
	p.parts, p.part = nil, 0
	for key, old := range p.people {
		if _, ok := people[key]; !ok {
			events = append(events, t.move(c.Node, p, old.Name, person{Name: old.Name})...)
		}
	}
	for key, one := range people {
		events = append(events, t.move(c.Node, p, p.people[key].Name, one)...)
	}
	p.version, p.current, p.asked = c.Version, true, time.Time{}
	return events
}

// move is one change: who was called was is now at to, and gone if that is no room.
func (t *table) move(node string, p *peer, was string, to person) (events []session.Event) {
	old, known := p.people[session.Key(was)]
	if known {
		t.take(node, p, old)
	}
	if to.Room != "" {
		t.put(node, p, to)
	}
	switch {
	case !known && to.Room == "":
	case !known:
		return []session.Event{{Kind: session.Joined, Room: to.Room, From: to.Name}}
	case to.Room == "":
		return []session.Event{{Kind: session.Left, Room: old.Room, From: old.Name}}
	case old.Room != to.Room:
		return []session.Event{
			{Kind: session.Left, Room: old.Room, From: old.Name},
			{Kind: session.Joined, Room: to.Room, From: to.Name},
		}
	case old.Name != to.Name:
		return []session.Event{{Kind: session.Renamed, Room: to.Room, From: old.Name, To: to.Name}}
	}
	return nil
}

func (t *table) put(node string, p *peer, one person) {
	key := session.Key(one.Name)
	if old, ok := p.people[key]; ok {
		t.take(node, p, old)
	}
	if t.people == maxPeople {
		return
	}
	t.people++
	p.people[key] = one
	if t.rooms[one.Room] == nil {
		t.rooms[one.Room] = make(map[place]string)
	}
	t.rooms[one.Room][place{node, key}] = one.Name
}

func (t *table) take(node string, p *peer, one person) {
	key := session.Key(one.Name)
	t.people--
	delete(p.people, key)
	delete(t.rooms[one.Room], place{node, key})
	if len(t.rooms[one.Room]) == 0 {
		delete(t.rooms, one.Room)
	}
}

// expire forgets the nodes that have fallen silent, and returns that their people have left.
func (t *table) expire(now time.Time) (events []session.Event) {
	for node, p := range t.peers {
		if now.Sub(p.heard) > t.expiry {
			events = append(events, t.remove(node)...)
		}
	}
	return events
}

func (t *table) remove(node string) (events []session.Event) {
	p := t.peers[node]
	if p == nil {
		return nil
	}
	for _, one := range p.people {
		events = append(events, t.move(node, p, one.Name, person{Name: one.Name})...)
	}
	delete(t.peers, node)
	return events
}

// alive reports whether the node has given a sign of life of late.
func (t *table) alive(node string) bool { return t.peers[node] != nil }

// find returns the node of who has the name with that key, and the name as it is shown.
func (t *table) find(key string) (node, name string, ok bool) {
	for node, p := range t.peers {
		if one, ok := p.people[key]; ok {
			return node, one.Name, true
		}
	}
	return "", "", false
}

// in returns how many people are in a room, and the names of some.
func (t *table) in(room string, most int) (names []string, count int) {
	for _, name := range t.rooms[room] {
		if len(names) == most {
			break
		}
		names = append(names, name)
	}
	return names, len(t.rooms[room])
}

// counts returns how many people are in each room.
func (t *table) counts() map[string]int {
	counts := make(map[string]int, len(t.rooms))
	for room, people := range t.rooms {
		counts[room] = len(people)
	}
	return counts
}
