package party

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"example.com/async/step05-select/session"
)

// A diary is what one client was told, in a form that can be compared with the truth. Some faults it sees at once.
type diary struct {
	run    *run
	truth  *truth
	who    string
	client uint32
	echo   bool

	mu       sync.Mutex
	name     string
	keys     map[string]bool   // of all names that it had
	heard    map[uint32]uint32 // of each client: the number of its last whisper
	stays    []*stay           // the last one goes on
	recalled []*stay           // answers to /history
	fresh    bool              // it has just come into the room: what was said before may come
	block    int               // so many more messages were said before
	past     *stay             // which they belong to
	lastID   uint64            // of what has happened in the room; stays 0 in a terminal
}

// A stay is a client's time in one room.
type stay struct {
	room    string
	name    string
	renamed bool // the name did not stay the same
	echo    bool
	entries []entry
	tail    entry  // what came after the last of them
	earlier int    // how many messages were said before
	after   tag    // the last line that the client had seen when it came; zero: it has seen none
	since   entry  // what it had seen after that
	mark    uint64 // what has an ID up to this one must be here; 0: the client has vanished, or is on its way
}

// An entry is a line of ours that was heard, and what came since the one before it.
type entry struct {
	tag   tag
	past  bool // it was said before the client came
	told  int  // how many messages were missed
	moved int  // who came, went or changed the name
	other int  // what was said that is no line of ours
}

// and is e after what is said by before.
func (e entry) and(before entry) entry {
	e.told += before.told
	e.moved += before.moved
	e.other += before.other
	return e
}

// hear takes the next event.
func (d *diary) hear(e session.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, text := range append([]string{e.From, e.To, e.Room, strings.ReplaceAll(e.Text, "\n", "")}, e.Names...) {
		if !safe(text) {
			d.run.fault("%s was shown what a terminal obeys, or what is no UTF-8: %q", d.who, text)
		}
	}
	switch {
	case e.Kind == session.Named:
		d.named(e.To)
	case e.Kind == session.Entered:
		d.stays = append(d.stays, &stay{room: e.Room, name: d.name, echo: d.echo})
		d.fresh, d.lastID = true, 0
		return
	case len(d.stays) == 0:
		d.run.fault("%s is told something before it is told where it is: %+v", d.who, e)
		return
	case e.Kind == session.Earlier:
		d.begins(e.Count)
	case e.Spoken():
		d.spoken(e)
	case e.Movement():
		d.inPlace(e)
		d.now().tail.moved++
	case e.Kind == session.Missed:
		d.now().tail.told += e.Count
	case e.Kind == session.Whispered:
		d.whispered(e)
		return
	}
	d.fresh = false
}

func (d *diary) now() *stay { return d.stays[len(d.stays)-1] }

func (d *diary) named(name string) {
	d.name = name
	d.keys[session.Key(name)] = true
	if len(d.stays) > 0 {
		d.now().renamed = true
	}
}

// begins says that so many messages follow that were said before.
func (d *diary) begins(count int) {
	d.block = count
	if d.fresh {
		d.past = d.now()
		d.past.earlier = count
		return
	}
	d.past = &stay{room: d.now().room, echo: true, earlier: count}
	d.recalled = append(d.recalled, d.past)
}

// inPlace looks at the room and the ID of what has happened in a room. Terminals are told neither, mostly.
func (d *diary) inPlace(e session.Event) {
	room := d.now().room
	if e.Room != "" && e.Room != room {
		d.run.fault("%s is in %s, and is told of %s: %+v", d.who, room, e.Room, e)
	}
	if e.ID == 0 {
		return
	}
	if e.ID <= d.lastID {
		d.run.fault("%s is told of %d after %d: %+v", d.who, e.ID, d.lastID, e)
	}
	d.lastID = e.ID
}

func (d *diary) spoken(e session.Event) {
	into, past := d.now(), d.block > 0
	if past {
		into = d.past
		d.block--
	}
	if into == d.now() {
		d.inPlace(e)
	}
	t, ours := tagOf(e.Text)
	if !ours {
		into.tail.other++
		return
	}
	if _, shown := t.line(d.run.Seed); e.Text != shown {
		d.run.fault("%s was told that %s has said %q, and that was %q", d.who, e.From, e.Text, shown)
	}
	if t.client == d.client && !past && !d.echo {
		d.run.fault("%s was told what it has said itself: %v", d.who, t)
	}
	d.run.heard.Add(1)
	added := into.tail
	added.tag, added.past = t, past
	into.entries, into.tail = append(into.entries, added), entry{}
}

func (d *diary) whispered(e session.Event) {
	t, ours := tagOf(e.Text)
	if !ours {
		return
	}
	if _, shown := t.line(d.run.Seed); e.Text != shown {
		d.run.fault("%s was told that %s has whispered %q, and that was %q", d.who, e.From, e.Text, shown)
	}
	if t.client == d.client {
		d.run.whispers.gone(t)
		return
	}
	if !d.keys[session.Key(e.To)] {
		d.run.fault("%s was told what %s has whispered to %s", d.who, e.From, e.To)
	}
	if last := d.heard[t.client]; t.number <= last {
		d.run.fault("%s hears the whisper %d of client %d after number %d", d.who, t.number, t.client, last)
	}
	d.heard[t.client] = t.number
	d.run.whispers.heard(t, e.To)
}

// leaving says that the client is about to leave its room in good order: what was said there so far must come.
func (d *diary) leaving() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.stays) > 0 {
		d.now().mark = d.truth.mark(d.now().room)
	}
}

// place returns the room, and the name.
func (d *diary) place() (room, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.stays) > 0 {
		room = d.now().room
	}
	return room, d.name
}

// safe reports whether a text may stand on a terminal.
func safe(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
	})
}

// returns returns the ID of the last thing that the client has seen, before it comes back.
func (d *diary) returns() (since uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lastID
}

// returned says that the last two stays are one for the client: it came back, and has asked for what came since.
func (d *diary) returned(since uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.stays[len(d.stays)-2]
	d.lastID = max(d.lastID, since)
	d.now().after, d.now().since = before.after, before.tail.and(before.since)
	if n := len(before.entries); n > 0 {
		d.now().after, d.now().since = before.entries[n-1].tag, before.tail
	}
}
