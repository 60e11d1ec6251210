package cluster

// A self is what this node tells the others of its people. Each change has a number. Whoever has missed one
// notices it by the next, or by a beat, and asks for a snapshot.
type self struct {
	node    string
	version uint64
	people  map[string]string // rooms, by name
}

func newSelf(node string) *self { return &self{node: node, people: make(map[string]string)} }

// change is [hub.Link.Present]. It returns what the others are to be told.
func (s *self) change(was, name, room string) control {
	if was != "" {
		delete(s.people, was)
	}
	if room != "" {
		s.people[name] = room
	}
	s.version++
	return control{Kind: delta, Node: s.node, Version: s.version, Was: was, Name: name, Room: room}
}

// beat is a sign of life: of kind beat, or hello from a node that has not heard the others yet.
func (s *self) beat(kind kind) control { return control{Kind: kind, Node: s.node, Version: s.version} }

// snapshot is all people, in parts.
func (s *self) snapshot() []control {
	parts := make([]control, min(maxParts, 1+max(0, len(s.people)-1)/partSize))
	for i := range parts {
		parts[i] = control{Kind: snapshot, Node: s.node, Version: s.version, Part: i, Parts: len(parts)}
	}
	i := 0
	for name, room := range s.people {
		if i/partSize == len(parts) {
			break // nobody has so many
		}
		p := &parts[i/partSize]
		p.People = append(p.People, person{Name: name, Room: room})
		i++
	}
	return parts
}
