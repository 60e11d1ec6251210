package chat

import (
	"math/bits"
	"sync"

	"example.com/async/step04-chat/broadcast"
)

// NewMutexHub returns a hub with a map of its members behind a mutex, each of which has a queue: what one
// writes without a broadcast channel. To send is to add to each queue and to wake each
// member, so the sender does work for all of them, and holds the lock meanwhile.
//
// A member can be capacity messages behind, its own included. Capacity is rounded up to a power of two, so that both
// hubs are alike; NewMutexHub panics if it is less than 1.
func NewMutexHub[M any](capacity int) Hub[M] {
	if capacity < 1 {
		panic("chat: the capacity of a hub must be at least 1")
	}
	return &mutexHub[M]{members: make(map[*mutexMember[M]]struct{}), capacity: roundUp(capacity)}
}

// roundUp returns the next power of two.
func roundUp(capacity int) int { return 1 << bits.Len(uint(capacity-1)) }

// Lock order: the hub's before a member's. Neither is ever held while somebody waits or does I/O: a
// lock around a Write would hand the slowness of one client to all.
type mutexHub[M any] struct {
	mu       sync.Mutex
	members  map[*mutexMember[M]]struct{}
	capacity int
}

type mutexMember[M any] struct {
	hub *mutexHub[M]
	// ready holds a token when something may be there. With room for one, so that the sender
	// need not wait, and a member that is not waiting finds it later.
	ready chan struct{}

	mu sync.Mutex
	// queue is a ring that grows up to the capacity. Then a new message takes the place of the oldest. A large
	// one is given back when it is empty.
	queue  []sent[M]
	first  int // the index of the oldest
	count  int
	missed uint64 // how many messages of others came before the oldest and are lost
}

func (h *mutexHub[M]) Join() Member[M] {
	m := &mutexMember[M]{hub: h, ready: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.members[m] = struct{}{}
	return m
}

func (m *mutexMember[M]) Leave() {
	m.hub.mu.Lock()
	delete(m.hub.members, m)
	m.hub.mu.Unlock()
	// Nobody adds to the queue any more. What is left in it must go: this member may be the sender of a message in the
	// queue of somebody who stays, and the sender of one in its own may have left with a queue, too, and so on.
	m.mu.Lock()
	m.queue, m.first, m.count = nil, 0, 0
	m.mu.Unlock()
}

func (m *mutexMember[M]) Send(message M)  { m.hub.send(sent[M]{from: m, message: message}) }
func (h *mutexHub[M]) Announce(message M) { h.send(sent[M]{message: message}) }

func (h *mutexHub[M]) send(s sent[M]) {
	// Held until all have it: else two messages could reach two members in different orders.
	h.mu.Lock()
	defer h.mu.Unlock()
	for member := range h.members {
		member.add(s)
	}
}

// add puts a message at the end of the queue, and wakes the member.
func (m *mutexMember[M]) add(s sent[M]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.count == m.hub.capacity {
		if m.queue[m.first].from != m {
			m.missed++
		}
		m.drop()
	}
	if m.count == len(m.queue) {
		m.grow()
	}
	m.queue[(m.first+m.count)%len(m.queue)] = s
	m.count++
	select {
	case m.ready <- struct{}{}:
	default: // it has not found the last token yet
	}
}

// keepQueue is the longest queue that an idle member keeps: of lines, 320 bytes.
const keepQueue = 8

// grow doubles the queue, up to the capacity.
func (m *mutexMember[M]) grow() {
	larger := make([]sent[M], min(max(keepQueue, 2*len(m.queue)), m.hub.capacity))
	n := copy(larger, m.queue[m.first:])
	copy(larger[n:], m.queue[:m.first])
	m.queue, m.first = larger, 0
}

// drop removes the oldest message.
func (m *mutexMember[M]) drop() {
	m.queue[m.first] = sent[M]{}
	m.first = (m.first + 1) % len(m.queue)
	m.count--
}

func (m *mutexMember[M]) TryRecv() (message M, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.missed > 0 {
		lagged := &broadcast.LaggedError{Missed: m.missed}
		m.missed = 0
		return message, lagged
	}
	for m.count > 0 {
		next := m.queue[m.first]
		m.drop()
		if next.from != m {
			return next.message, nil
		}
	}
	if len(m.queue) > keepQueue {
		m.queue, m.first = nil, 0
	}
	return message, broadcast.ErrEmpty
}

// Ready's token may have been found before all was taken, so it is given back if something is there.
func (m *mutexMember[M]) Ready() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.count > 0 {
		select {
		case m.ready <- struct{}{}:
		default:
		}
	}
	return m.ready
}

func (m *mutexMember[M]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}

func (m *mutexMember[M]) Behind() bool { return m.Len() > m.hub.capacity/2 }
