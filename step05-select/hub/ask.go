package hub

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/async/step05-select/session"
)

// Do carries out what the client asks for. Answers come in the member's own inbox, some of them later. It never waits
// for anybody. [session.Quit] and [session.Nothing] are not for the hub.
func (m *Member) Do(a session.Action) {
	switch a.Verb {
	case session.Say:
		m.seat.room.say(m.seat, session.Event{Kind: session.Said, From: m.Name(), Text: a.Text})
	case session.Act:
		m.seat.room.say(m.seat, session.Event{Kind: session.Did, From: m.Name(), Text: a.Text})
	case session.Whisper:
		m.whisper(a)
	case session.Join:
		m.hub.seat(m, a.Room, 0)
	case session.Rename:
		m.rename(a.Name, a.Key)
	case session.Who:
		m.who(a.Room)
	case session.ListRooms:
		m.listRooms()
	case session.Recall:
		r := m.seat.room
		r.mu.Lock()
		earlier := r.history.since(0, a.Count)
		r.mu.Unlock()
		if len(earlier) == 0 {
			m.note("nothing is remembered here")
			return
		}
		m.recall(r.name, earlier)
	}
}

// recall tells the member what was said before, all at once: else what somebody whispers could come after its heading.
func (m *Member) recall(room string, earlier []*session.Message) {
	if len(earlier) == 0 {
		return
	}
	heading := session.Event{Kind: session.Earlier, ID: earlier[len(earlier)-1].ID, Room: room, Count: len(earlier)}
	m.inbox.put(append([]*session.Message{{Event: heading}}, earlier...)...)
}

// rename asks for another name. If there are other servers, they are asked first, and the answer comes later.
func (m *Member) rename(name, key string) {
	if m.renaming.Swap(true) {
		m.note("your last /nick is not answered yet")
		return
	}
	if err := m.hub.claim(m, key); err != nil {
		m.renaming.Store(false)
		m.note("you can't be called that: " + err.Error())
		return
	}
	if key == m.identity.Load().key {
		m.renamed(name, key) // another form of the same name: nobody is to be asked
		return
	}
	m.hub.config.Link.Claim(name, key, func(err error) {
		if err == nil {
			m.renamed(name, key)
			return
		}
		m.hub.unclaim(m, key)
		m.renaming.Store(false)
		m.note("you can't be called that: " + err.Error())
	})
}

// renamed gives the member a name that is reserved for it.
func (m *Member) renamed(name, key string) {
	defer m.renaming.Store(false) // only then: else the next change of the name could be told before this one
	m.changing.Lock()
	defer m.changing.Unlock()
	old, ok := m.hub.setName(m, name, key)
	if !ok {
		return
	}
	if s := m.seated(); s != nil {
		s.room.moved(s, session.Event{Kind: session.Renamed, From: old.name, To: name})
	}
	m.Tell(session.Event{Kind: session.Named, To: name})
}

// Why somebody has not got a whisper.
var (
	errNobody = errors.New("nobody here is called that")
	errUnread = errors.New("does not read at the moment, and has not got it")
)

func (m *Member) whisper(a session.Action) {
	e := session.Event{Kind: session.Whispered, From: m.Name(), To: a.Name, Text: a.Text, Time: now()}
	to := m.hub.named(a.Key)
	switch {
	case to != nil:
		e.To = to.Name()
		message := &session.Message{Event: e}
		if !to.inbox.whisper(message) {
			m.note(e.To + " " + errUnread.Error())
			return
		}
		if to != m {
			m.inbox.put(message) // so that the sender sees that it has gone, and to whom
		}
	default:
		name, ok := m.hub.config.Link.Whisper(a.Key, e)
		if !ok {
			m.note(errNobody.Error())
			return
		}
		e.To = name
		m.Tell(e)
	}
}

func (m *Member) who(name string) {
	var names []string
	var count int
	if !m.hub.inRoom(name, func(r *room) { names, count = r.who() }) {
		names, count = m.hub.config.Link.Elsewhere(name, maxListed)
	}
	if count == 0 {
		m.note("nobody is in " + name)
		return
	}
	m.Tell(session.Event{Kind: session.Members, Room: name, Count: count, Names: names})
}

// listRooms lists the largest rooms first.
func (m *Member) listRooms() {
	people := make(map[string]int)
	maps.Copy(people, m.hub.config.Link.Rooms())
	m.hub.mu.Lock()
	for name, r := range m.hub.rooms {
		r.mu.Lock()
		people[name] += len(r.members)
		r.mu.Unlock()
	}
	m.hub.mu.Unlock()

	names := make([]string, 0, len(people))
	for name := range people {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(people[b]-people[a], strings.Compare(a, b))
	})
	listed := names[:min(len(names), maxListed)]
	for i, name := range listed {
		listed[i] = fmt.Sprintf("%s (%d)", name, people[name])
	}
	m.Tell(session.Event{Kind: session.Rooms, Count: len(names), Names: listed})
}
