package reactor

// The kernel hands back 64 bits with each event: whatever was given with the registration. A
// pointer to the Source it can't be, because the garbage collector doesn't look into the kernel.
// The descriptor it should not be, because a closed descriptor's number is used again at
// once, and an event that was fetched before the close would reach the next owner.
//
// So it is the number of a slot in a table, and a generation: how often the slot was freed.
// An event whose generation is not that of the slot any more is stale, and dropped. (The Go
// runtime does the same since golang/go#59545; before, it woke the wrong file.)

// A slots is the table. The zero value is empty.
type slots struct {
	all  []slot
	free []uint32
}

type slot struct {
	source     *Source // nil: the slot is free
	generation uint32  // wraps after 2^32 Sources of one slot, long after any event
}

// take finds a slot for s, and tells it which.
func (t *slots) take(s *Source) {
	if n := len(t.free); n > 0 {
		s.slot = t.free[n-1]
		t.free = t.free[:n-1]
	} else {
		s.slot = uint32(len(t.all))
		t.all = append(t.all, slot{})
	}
	t.all[s.slot].source = s
	s.generation = t.all[s.slot].generation
}

// giveBack frees the slot of s. From here on its events are stale.
func (t *slots) giveBack(s *Source) {
	t.all[s.slot] = slot{generation: s.generation + 1}
	t.free = append(t.free, s.slot)
}

// lookUp returns the Source that an event is meant for, or nil if it is gone.
func (t *slots) lookUp(number, generation uint32) *Source {
	if s := t.all[number]; s.generation == generation {
		return s.source
	}
	return nil
}
