package selecttest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/async/step05-select/session"
)

// A chat is the names and rooms of the short engine.
type chat struct {
	fault
	settings *Settings

	mu     waitingMutex
	names  map[string]*person
	rooms  map[string]*place
	guests uint64
	broken bool
}

type place struct {
	name    string
	people  map[*person]bool
	history []session.Event
	moved   map[session.Kind]int // while the timer runs
	timer   *time.Timer
}

func (c *chat) enter(conn net.Conn) *person {
	p := &person{chat: c, conn: conn}
	p.changed = sync.NewCond(&p.mu)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.guests++
	number := c.guests
	if c.sameGuest {
		number = 1
	}
	p.name, p.key = session.GuestName(number, "")
	c.names[p.key] = p
	p.tell(session.Event{Kind: session.Named, To: p.name})
	c.move(p, session.Lobby)
	return p
}

// move takes p from its room to another one. The lock is held.
func (c *chat) move(p *person, name string) {
	if p.room != nil {
		c.unseat(p, !c.silentMove)
	}
	r := c.rooms[name]
	if r == nil {
		r = &place{name: name, people: make(map[*person]bool), moved: make(map[session.Kind]int)}
		c.rooms[name] = r
	}
	p.mu.Lock()
	switch {
	case c.dropsOldRoom:
		p.queue = nil
	case !c.lateOldRoom:
		p.settle()
	}
	p.mu.Unlock()
	earlier := slices.Clone(r.history)
	pause := func() {
		c.mu.Unlock()
		time.Sleep(time.Millisecond)
		c.mu.Lock()
	}
	if c.gapInHistory {
		pause()
	}
	r.people[p] = true
	p.room = r
	if c.twiceInHistory {
		pause()
		earlier = slices.Clone(r.history)
	}
	p.tell(session.Event{Kind: session.Entered, Room: name, Count: len(r.people)})
	c.recall(p, earlier)
	c.tellMoved(r, p, session.Event{Kind: session.Joined, From: p.name, Room: name})
}

func (c *chat) recall(p *person, earlier []session.Event) {
	if len(earlier) > 0 && !c.unmarked {
		p.tell(session.Event{Kind: session.Earlier, Count: len(earlier)})
	}
	for _, e := range earlier {
		p.tell(e)
	}
}

// unseat takes p out of its room. The lock is held.
func (c *chat) unseat(p *person, told bool) {
	r := p.room
	delete(r.people, p)
	if told {
		c.tellMoved(r, p, session.Event{Kind: session.Left, From: p.name, Room: r.name})
	}
	if len(r.people) == 0 && !c.keepsRooms {
		if r.timer != nil {
			r.timer.Stop()
		}
		delete(c.rooms, r.name)
	}
}

func (c *chat) leave(p *person, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.keepsGone {
		c.unseat(p, err == nil || !c.silentFailure)
	}
	if !c.keepsGoneName {
		delete(c.names, p.key)
	}
}

// announce tells all in a room but one. The lock is held.
func (c *chat) announce(r *place, from *person, e session.Event) {
	if c.broken {
		return
	}
	if c.noName && e.Kind == session.Said {
		e.From = ""
	}
	if e.Spoken() && !c.noHistory {
		r.history = append(r.history, e)
		r.history = r.history[max(0, len(r.history)-c.settings.History):]
	}
	people := r.people
	if c.everyRoom && e.Spoken() {
		people = make(map[*person]bool)
		for _, any := range c.rooms {
			maps.Copy(people, any.people)
		}
	}
	for to := range people {
		switch {
		case to == from && !(c.toSelf && e.Spoken()):
			if c.countsOwn {
				to.countOwn()
			}
		case c.lockedWrite:
			_, _ = to.conn.Write(e.AppendText(nil))
		case c.unordered:
			go func() {
				if rand.IntN(2) == 0 { // goroutines may begin in any order, but seldom do on a machine that is busy
					runtime.Gosched()
				}
				to.hear(e)
			}()
		default:
			to.hear(e)
		}
	}
}

// tellMoved tells at once in a small room, and once a second in a large one. The lock is held.
func (c *chat) tellMoved(r *place, of *person, e session.Event) {
	if r.timer == nil && len(r.people) <= 50 || c.neverGathers {
		c.announce(r, of, e)
		return
	}
	if r.timer != nil {
		r.moved[e.Kind]++
		return
	}
	if !c.gatherLoses {
		r.moved[e.Kind]++
	}
	r.timer = time.AfterFunc(time.Second, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		joined, left, renamed := r.moved[session.Joined], r.moved[session.Left], r.moved[session.Renamed]
		r.moved, r.timer = make(map[session.Kind]int), nil
		c.announce(r, nil, session.Event{Kind: session.Gathered, Text: fmt.Sprintf("%d people have joined, %d have left, %d have other names", joined, left, renamed)})
	})
}

// do carries out what a line asks for.
func (c *chat) do(p *person, a session.Action) {
	if a.Verb == session.Rename {
		c.rename(p, a.Name, a.Key)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch a.Verb {
	case session.Say:
		c.announce(p.room, p, session.Event{Kind: session.Said, From: p.name, Text: a.Text})
	case session.Act:
		e := session.Event{Kind: session.Did, From: p.name, Text: a.Text}
		if c.saysMe {
			e.Kind = session.Said
		}
		c.announce(p.room, p, e)
	case session.Whisper:
		to := c.names[c.fold(a.Name, a.Key)]
		if to == nil || c.whispersInRoom && to.room != p.room {
			if !c.silentNobody {
				p.note("nobody here is called that")
			}
			return
		}
		e := session.Event{Kind: session.Whispered, From: p.name, To: to.name, Text: a.Text}
		switch {
		case !to.whisper(e):
			p.note(to.name + " does not read at the moment, and has not got it")
		case to != p && !c.noEcho:
			p.tell(e)
		}
	case session.Join:
		c.move(p, a.Room)
	case session.Who:
		r := c.rooms[a.Room]
		if c.whoOfOwnRoom {
			r = p.room
		}
		if r == nil {
			p.note("nobody is in " + a.Room)
			return
		}
		var names []string
		for somebody := range r.people {
			names = append(names, somebody.name)
		}
		slices.Sort(names)
		p.tell(session.Event{Kind: session.Members, Room: r.name, Count: len(names), Names: names})
	case session.ListRooms:
		rooms := slices.SortedFunc(maps.Values(c.rooms), func(a, b *place) int {
			if len(a.people) != len(b.people) && !c.roomsByName {
				return len(b.people) - len(a.people)
			}
			return cmp.Compare(a.name, b.name)
		})
		var names []string
		for _, r := range rooms {
			names = append(names, fmt.Sprintf("%s (%d)", r.name, len(r.people)))
		}
		p.tell(session.Event{Kind: session.Rooms, Count: len(names), Names: names})
	case session.Recall:
		h := p.room.history
		if !c.wholeHistory {
			h = h[max(0, len(h)-a.Count):]
		}
		if len(h) == 0 {
			p.note("nothing is remembered here")
		}
		c.recall(p, slices.Clone(h))
	}
}

// fold returns what names are compared by.
func (c *chat) fold(name, key string) string {
	switch {
	case c.exactNames:
		return name
	case c.caseOnly:
		return strings.ToLower(name)
	}
	return key
}

func (c *chat) rename(p *person, name, key string) {
	key = c.fold(name, key)
	c.mu.Lock()
	defer c.mu.Unlock()
	holder := c.names[key]
	if c.checkThenAct {
		c.mu.Unlock()
		time.Sleep(time.Millisecond)
		c.mu.Lock()
	}
	if holder != nil && holder != p {
		p.note("you can't be called that: somebody else is called that, or nearly that")
		return
	}
	old := p.name
	if !c.keepsOldName {
		delete(c.names, p.key)
	}
	p.name, p.key = name, key
	c.names[key] = p
	p.tell(session.Event{Kind: session.Named, To: name})
	if !c.silentRename {
		c.tellMoved(p.room, p, session.Event{Kind: session.Renamed, From: old, To: name})
	}
}
