package hub

import (
	"runtime"
	"slices"
	"time"

	"example.com/async/step05-select/session"
)

// This file is what a [Link] asks of its hub. None of it is passed on to other servers.

// A Room is how a Link knows a room that has members here. It can be used for ever, but when the last member has gone, nobody
// hears of it.
type Room struct{ room *room }

// Name is the room's name.
func (r Room) Name() string { return r.room.name }

// Deliver gives the members what somebody on another server has said in the room, or that somebody there has
// come, gone or changed the name. If people fall behind, it waits for them, but not long, as those wait who talk here.
func (r Room) Deliver(e session.Event) {
	if e.Movement() {
		r.room.moved(nil, e)
		return
	}
	start := time.Now()
	for r.room.pace.Due() && time.Since(start) < deliveryPatience {
		runtime.Gosched()
	}
	r.room.announce(nil, e)
}

// deliveryPatience is how long one message from elsewhere waits for those who are behind. Who still is then, misses something.
const deliveryPatience = 20 * time.Millisecond

// Remember adds what was said in the room before it had members here, oldest first, and tells the members about it: as much of it as
// a room remembers.
func (r Room) Remember(earlier []session.Event) {
	earlier = earlier[max(0, len(earlier)-r.room.history.most):]
	if len(earlier) == 0 {
		return
	}
	messages := make([]*session.Message, len(earlier))
	for i, e := range earlier {
		messages[i] = &session.Message{Event: e}
	}
	for s, found := range r.room.remember(messages) {
		s.recall(found)
	}
}

// recall tells the seat's member what was said in the room before; but not if it has moved on meanwhile.
func (s *seat) recall(earlier []*session.Message) {
	m := s.member
	m.changing.Lock()
	defer m.changing.Unlock()
	if m.seat == s {
		m.recall(s.room.name, earlier)
	}
}

// Tell tells the members something.
func (r Room) Tell(text string) {
	r.room.announce(nil, session.Event{Kind: session.Notice, Text: text})
}

// remember puts messages before all that the room remembers, and returns what the member of each seat is to be told of it. One that is just
// coming is told by settle: after it was told that it is here.
func (r *room) remember(earlier []*session.Message) map[*seat][]*session.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order(earlier)
	r.history.addBefore(earlier)
	told := make(map[*seat][]*session.Message)
	for m := range r.members {
		unseen := earlier
		for len(unseen) > 0 && unseen[0].ID <= m.seat.since {
			unseen = unseen[1:]
		}
		if m.seat.settled {
			told[m.seat] = unseen
		} else {
			m.seat.late = unseen
		}
	}
	return told
}

// order makes the messages' IDs grow, and end before those that are remembered already. They come from several
// servers, whose clocks are not quite the same.
func (r *room) order(earlier []*session.Message) {
	next := uint64(now().UnixMicro()) + 1
	if kept := r.history.since(0, r.history.most); len(kept) > 0 {
		next = kept[0].ID
	}
	for _, m := range slices.Backward(earlier) {
		m.Room = r.name
		m.ID = min(m.ID, next-1)
		next = m.ID
	}
	if len(earlier) > 0 {
		r.lastID = max(r.lastID, earlier[len(earlier)-1].ID)
	}
}

// settle says that the seat's member was told all that was known when it came, and returns what was learnt meanwhile.
func (r *room) settle(s *seat) []*session.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	late := s.late
	s.late, s.settled = nil, true
	return late
}

// Whispered gives a member what somebody on another server has told it. The error says, to the sender, why it has
// not got it.
func (h *Hub) Whispered(key string, e session.Event) error {
	m := h.named(key)
	switch {
	case m == nil:
		return errNobody
	case !m.inbox.whisper(&session.Message{Event: e}):
		return errUnread
	}
	return nil
}

// TellOne tells one member something, if there is one whose name has that key.
func (h *Hub) TellOne(key, text string) {
	if m := h.named(key); m != nil {
		m.note(text)
	}
}

// Unname takes its name away from a member, because it is somebody else's on another server: it is a guest again, and is told
// why.
func (h *Hub) Unname(key, why string) {
	m := h.named(key)
	if m == nil {
		return
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	h.mu.Lock()
	if m.gone || m.identity.Load().key != key {
		h.mu.Unlock() // it has given the name back meanwhile, on all servers
		return
	}
	old := m.identity.Load()
	h.guests++
	name, guestKey := session.GuestName(h.guests, h.config.Link.Suffix())
	delete(h.names, key)
	h.names[guestKey] = m
	m.identity.Store(&identity{name: name, key: guestKey})
	s := m.seat
	if s != nil {
		h.config.Link.Present(old.name, name, s.room.name)
	}
	h.mu.Unlock()

	m.note(why)
	m.Tell(session.Event{Kind: session.Named, To: name})
	if s != nil {
		s.room.moved(s, session.Event{Kind: session.Renamed, From: old.name, To: name})
	}
}
