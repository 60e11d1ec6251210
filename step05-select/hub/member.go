package hub

import (
	"errors"
	"fmt"
	"maps"
	"slices"
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

// seated returns the member's seat, nil if it has left. It is for other goroutines than the member's own.
func (m *Member) seated() *seat {
	m.hub.mu.Lock()
	defer m.hub.mu.Unlock()
	return m.seat
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
		if people[a] != people[b] {
			return people[b] - people[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	listed := names[:min(len(names), maxListed)]
	for i, name := range listed {
		listed[i] = fmt.Sprintf("%s (%d)", name, people[name])
	}
	m.Tell(session.Event{Kind: session.Rooms, Count: len(names), Names: listed})
}
