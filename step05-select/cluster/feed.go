package cluster

import "example.com/async/step05-select/session"

// A feed decides what comes from one room's subject is to be given to the members here, and when. A node's messages have
// growing numbers, and each says which was the one before it in the room. So what has come already is noticed, and what
// is missing.
//
// When something is missing, and when the room was just opened, the stream is asked for what it remembers. Meanwhile
// the feed holds what comes: so each person's words keep their order.
type feed struct {
	self       string
	marks      map[string]mark // by node
	remembered bool            // the stream has been read
	holding    bool
	held       []said
}

// A mark is which messages of a node have come: all from first to last.
type mark struct{ first, last uint64 }

const (
	// maxHeld is how much a feed holds. What comes on top is dropped: later it is noticed that it is missing.
	maxHeld = 2048
	// maxMarks bounds of how many nodes a feed knows.
	maxMarks = 1024
)

// newFeed returns the feed of a room that was just opened. It is holding.
func newFeed(self string) *feed {
	return &feed{self: self, marks: make(map[string]mark), holding: true}
}

// live takes a message that has come. It reports whether it is to be given on now, and whether the stream must be asked for what is
// missing: then loaded or failed is to be called.
func (f *feed) live(m said) (now, missing bool) {
	if m.node == f.self || f.has(m) {
		return false, false
	}
	if f.holding {
		if len(f.held) < maxHeld {
			f.held = append(f.held, m)
		}
		return false, false
	}
	if f.gap(m) {
		f.holding, f.held = true, append(f.held, m)
		return false, true
	}
	f.take(m)
	return true, false
}

// hold is for when something may have been missed, or may be remembered that was not read yet: the stream is going
// to be asked.
func (f *feed) hold() { f.holding = true }

// loaded takes what the stream remembers, in its order. own is the first message that this node itself has sent since the
// room was opened here, 0 if there is none.
//
// earlier is what was said before the room was opened, and missed what its members are to be told now.
// lost says that something else was said that the stream has forgotten.
func (f *feed) loaded(stored []said, own uint64) (earlier, missed []session.Event, lost bool) {
	firstHeld := make(map[string]uint64)
	for _, m := range f.held {
		if _, ok := firstHeld[m.node]; !ok {
			firstHeld[m.node] = m.seq
		}
	}
	heard := make(map[string]mark) // before this
	for node, m := range f.marks {
		heard[node] = m
	}
	// The stream has twice what was sent again on another connection.
	type number struct {
		node string
		seq  uint64
	}
	read := make(map[number]bool, len(stored))
	for _, m := range stored {
		if read[number{m.node, m.seq}] {
			continue
		}
		read[number{m.node, m.seq}] = true
		if m.node == f.self {
			if !f.remembered && (own == 0 || m.seq < own) {
				earlier = append(earlier, m.event)
			}
			continue
		}
		before, known := heard[m.node]
		if !f.remembered && known && m.seq < before.first {
			earlier = append(earlier, m.event)
			continue
		}
		// What is held comes in its turn, below, and what came after it will come.
		if first, ok := firstHeld[m.node]; f.has(m) || ok && m.seq >= first {
			continue
		}
		f.take(m)
		if f.remembered || known {
			missed = append(missed, m.event)
		} else {
			earlier = append(earlier, m.event)
		}
	}
	f.remembered = true
	held, lost := f.release()
	return earlier, append(missed, held...), lost
}

// failed is loaded if the stream could not be asked.
func (f *feed) failed() (missed []session.Event, lost bool) { return f.release() }

// release gives on what was held.
func (f *feed) release() (events []session.Event, lost bool) {
	for _, m := range f.held {
		if f.has(m) {
			continue
		}
		lost = lost || f.gap(m)
		f.take(m)
		events = append(events, m.event)
	}
	f.held, f.holding = nil, false
	return events, lost
}

// has reports whether m has come already.
func (f *feed) has(m said) bool { return m.seq <= f.marks[m.node].last }

// gap reports whether something is missing before m. Of a node that has not been heard before nothing is known.
func (f *feed) gap(m said) bool {
	before, known := f.marks[m.node]
	return known && m.prev > before.last
}

func (f *feed) take(m said) {
	before, known := f.marks[m.node]
	if !known {
		before.first = m.seq
		if len(f.marks) == maxMarks {
			for node := range f.marks { // any of them: nobody has so many
				delete(f.marks, node)
				break
			}
		}
	}
	before.last = m.seq
	f.marks[m.node] = before
}
