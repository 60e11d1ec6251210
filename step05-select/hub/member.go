package hub

import (
	"sync"
	"sync/atomic"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/broadcast"
	"example.com/async/step05-select/session"
)

// A Member is the place of one client in a [Hub]. Its methods are for the one goroutine or task that serves the
// client; only Name and Waits may be called by others.
type Member struct {
	hub      *Hub
	echo     bool
	identity atomic.Pointer[identity]
	inbox    inbox
	busy     atomic.Bool // see Busy

	// Written by the client's own goroutine with the hub's lock held; so it may read them without, and others with it.
	seat *seat
	gone bool

	renaming atomic.Bool // an answer to a rename has not come yet

	// Held while the member moves, is renamed or leaves, until its rooms have been told of that: an answer to a rename comes on
	// another goroutine, and a room that is told of it too late hears of somebody who has left.
	changing sync.Mutex
}

// An identity is a name and its key. Both change together.
type identity struct {
	name, key string
	claimed   bool // it is no guest's
}

// Name is what the member is called now.
func (m *Member) Name() string { return m.identity.Load().name }

// TryRecv takes the next message of the room. In place of messages that were missed it returns one of
// kind [session.Missed]. The error is [broadcast.ErrEmpty] if there is none.
//
// What is left in a room when the member moves to another one is in its own inbox then: what was said there comes before
// what is said here.
func (m *Member) TryRecv() (*session.Message, error) {
	message, err := m.seat.fan.TryRecv()
	if lagged, ok := err.(*broadcast.LaggedError); ok {
		m.hub.stats.Missed.Add(lagged.Missed)
		return &session.Message{Event: session.Event{
			Kind: session.Missed, Room: m.seat.room.name, Count: int(lagged.Missed),
		}}, nil
	}
	return message, err
}

// takeRoom takes all messages of the room that wait. The room's lock is held, so it comes to an end.
func (m *Member) takeRoom() (all []*session.Message) {
	for {
		message, err := m.TryRecv()
		if err != nil {
			return all
		}
		all = append(all, message)
	}
}

// TakeOwn takes the next message that is for this member alone, nil if there is none, and reports whether there are more. What is not
// taken yet is shared with all others who get it: so take no more than can be written.
func (m *Member) TakeOwn() (_ *session.Message, more bool) { return m.inbox.take() }

// Finish is for a member that leaves when it has got what is pending now: in a flood there is always more. What waits in the
// room is put into its inbox, and then the last words; nothing comes in any more, and nobody waits for it.
func (m *Member) Finish(last ...session.Event) {
	r := m.seat.room
	r.pace.Leave(m.seat)
	r.mu.Lock()
	messages := m.takeRoom()
	r.mu.Unlock()
	for _, e := range last {
		messages = append(messages, &session.Message{Event: e})
	}
	m.inbox.close(messages...)
}

// RoomReady returns a channel from which one can receive when TryRecv may have something, and OwnReady one
// for TakeOwn. Ask for them anew each time.
func (m *Member) RoomReady() <-chan struct{} { return m.seat.fan.Ready() }

// OwnReady is described at RoomReady.
func (m *Member) OwnReady() <-chan struct{} { return m.inbox.waitChan() }

// PollReady is RoomReady and OwnReady for a Future: it reports whether one of them may have something. If not, the waker of cx is
// called when that has changed; of several, that of the last call.
func (m *Member) PollReady(cx *future.Context) bool {
	if m.pending() {
		return true
	}
	m.inbox.wait(cx.Waker())
	m.seat.room.bell.wait(m.seat, cx.Waker())
	return m.pending() // it may have come between the look and the registration
}

func (m *Member) pending() bool { return m.inbox.len() > 0 || m.seat.fan.Len() > 0 }

// Pending returns how many messages of the room wait. It may count the member's own.
func (m *Member) Pending() int { return m.seat.fan.Len() }

// Behind reports whether so many messages wait that the member should take some before it says more.
func (m *Member) Behind() bool { return m.seat.fan.Behind() }

// Answered reports whether the answer to what the member has asked waits for it. What others whisper is none: else they
// could keep it from talking.
func (m *Member) Answered() bool { return m.inbox.answered() }

// TooFast is asked before each line of the client. It reports whether others in the room, who read, should first catch up.
func (m *Member) TooFast() bool { return m.seat.room.pace.Due() }

// Busy says whether the client is being written to, so that nobody waits for it.
func (m *Member) Busy(busy bool) { m.busy.Store(busy) }

// Delivered counts messages that were shown to the client.
func (m *Member) Delivered(n int) { m.hub.stats.Delivered.Add(uint64(n)) }

// Leave takes the member out of its room and of the hub, and tells the room. Nothing of it may be used afterwards.
func (m *Member) Leave() { m.leave(true) }

// Stop is Leave for when the server stops: all leave then, and nobody needs to be told who is first.
func (m *Member) Stop() { m.leave(false) }

func (m *Member) leave(tell bool) {
	m.changing.Lock()
	defer m.changing.Unlock()
	h := m.hub
	h.mu.Lock()
	m.gone = true
	r, _ := h.unseat(m)
	name := m.identity.Load()
	h.freeName(name)
	h.config.Link.Present(name.name, name.name, "")
	h.mu.Unlock()
	if tell {
		r.moved(nil, session.Event{Kind: session.Left, From: name.name})
	}
	h.stats.Users.Add(-1)
}

// Tell puts something into the member's own inbox.
func (m *Member) Tell(e session.Event) { m.inbox.put(&session.Message{Event: e}) }

func (m *Member) note(text string) { m.Tell(session.Event{Kind: session.Notice, Text: text}) }

// seated returns the member's seat, nil if it has left. It is for other goroutines than the member's own.
func (m *Member) seated() *seat {
	m.hub.mu.Lock()
	defer m.hub.mu.Unlock()
	return m.seat
}
