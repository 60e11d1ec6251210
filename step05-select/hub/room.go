package hub

import (
	"slices"
	"sync"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/chat"
	"example.com/async/step05-select/session"
)

// A room is step 4's hub with a memory, and a list of who is in it. It exists while somebody is in it.
type room struct {
	hub  *Hub
	name string
	fan  chat.Hub[*session.Message]
	bell bell
	pace chat.Pace

	mu      sync.Mutex // held over each send, so that the history has the order that all see
	members map[*Member]struct{}
	history history
	lastID  uint64
	crowd   crowd
}

// A seat is the place of one member in one room. Who moves gets a new one.
type seat struct {
	room   *room
	member *Member
	fan    chat.Member[*session.Message]
	waker  future.Waker // of a task that waits for a message; the bell's lock guards it

	// The room's lock guards these; see remember.
	since   uint64
	settled bool
	late    []*session.Message
}

var _ chat.Follower = (*seat)(nil)

// Lagging implements [chat.Follower].
func (s *seat) Lagging() bool { return !s.member.busy.Load() && s.fan.Behind() }

func newRoom(h *Hub, name string) *room {
	h.stats.Rooms.Add(1)
	return &room{
		hub: h, name: name, fan: chat.NewChannelHub[*session.Message](h.config.Capacity),
		members: make(map[*Member]struct{}), history: history{most: max(0, h.config.History)},
	}
}

// enter gives m a seat, and returns what was said here after since, and how many people are here now. The hub's
// lock is held.
func (r *room) enter(m *Member, since uint64) (earlier []*session.Message, people int) {
	r.mu.Lock()
	// Nothing is between what is remembered now and the first message that the seat gets: sending
	// takes the same lock.
	m.seat = &seat{room: r, member: m, fan: r.fan.Join(), since: since}
	earlier = r.history.since(since, r.history.most)
	r.members[m] = struct{}{}
	people = len(r.members)
	r.mu.Unlock()
	r.pace.Enter(m.seat)
	return earlier, people
}

// leave takes m out, and returns what was said here and m has not got yet, if it only moves, and how many are left. The
// hub's lock is held.
func (r *room) leave(m *Member) (untold []*session.Message, left int) {
	r.pace.Leave(m.seat)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !m.gone {
		untold = m.takeRoom() // all that was said before it left: sending takes the same lock
	}
	m.seat.fan.Leave()
	delete(r.members, m)
	if len(r.members) == 0 {
		r.crowd.forget()
		r.hub.stats.Rooms.Add(-1)
	}
	return untold, len(r.members)
}

// say gives all in the room what a member has said, and the other servers, too.
func (r *room) say(from *seat, e session.Event) {
	r.hub.stats.Said.Add(1)
	r.hub.config.Link.Publish(r.announce(from, e))
}

// moved tells that somebody has come, gone, or changed the name. In a large room that would be a message to
// each for each of them: ten thousand who come in a second would cost a hundred million. There it is gathered.
func (r *room) moved(of *seat, e session.Event) {
	_, elsewhere := r.hub.config.Link.Elsewhere(r.name, 0)
	r.mu.Lock()
	here := len(r.members)
	gathered := here > 0 && r.crowd.gather(here+elsewhere, e.Kind, r.tellCrowd)
	if gathered {
		r.crowd.last, r.crowd.of = e, of
	}
	r.mu.Unlock()
	if here > 0 && !gathered {
		r.announce(of, e)
	}
}

// tellCrowd tells what has been gathered: the same to all, so also to those who have just come and are counted in it. To give each of
// them another message, with one less, would take more than it is worth.
func (r *room) tellCrowd() {
	r.mu.Lock()
	told := r.crowd
	r.crowd.forget()
	r.mu.Unlock()
	switch told.joined + told.left + told.renamed {
	case 0: // nobody was left to be told
	case 1: // as in a small room: so who comes alone does not hear of it itself
		r.announce(told.of, told.last)
	default:
		r.announce(nil, session.Event{Kind: session.Gathered, Text: told.text()})
	}
}

// announce gives the event to all in the room, but not to the seat from which it comes, if its member doesn't want
// that. It returns the event as it was given.
func (r *room) announce(from *seat, e session.Event) session.Event {
	message := &session.Message{Event: e}
	message.Room = r.name

	r.mu.Lock()
	told := now()
	if e.Time.IsZero() { // otherwise it comes from another server
		message.Time = told
	}
	r.lastID = max(r.lastID+1, uint64(told.UnixMicro()))
	message.ID = r.lastID
	// Nearly everybody needs this form. Made here, it takes the stack of one who talks, and not of one who has
	// only listened so far, and would keep a larger stack for as long as it stays.
	message.In(session.Text)
	if e.Spoken() {
		r.history.add(message)
	}
	if from == nil || e.Spoken() && from.member.echo {
		r.fan.Announce(message)
	} else {
		from.fan.Send(message)
	}
	r.mu.Unlock()
	r.bell.ring()
	return message.Event
}

// maxListed is how many names one answer holds.
const maxListed = 100

// who lists the names of who is here: all of them up to maxListed, else some.
func (r *room) who() (names []string, count int) {
	elsewhere, count := r.hub.config.Link.Elsewhere(r.name, maxListed)
	r.mu.Lock()
	for m := range r.members {
		if len(names) == maxListed {
			break
		}
		names = append(names, m.Name())
	}
	count += len(r.members)
	r.mu.Unlock()
	names = append(names, elsewhere...)
	slices.Sort(names)
	return names[:min(len(names), maxListed)], count
}
