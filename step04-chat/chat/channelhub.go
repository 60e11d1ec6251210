package chat

import (
	"sync"

	"example.com/async/step04-chat/broadcast"
)

// NewChannelHub returns a hub over a broadcast channel, as the article has it. To send is to write
// one value to a ring and to close one channel, however many members there are; all that
// is done for each of them is done by their own goroutines.
//
// A member can be capacity messages behind, its own included. Capacity is rounded up to a power of two; NewChannelHub
// panics if it is less than 1.
func NewChannelHub[M any](capacity int) Hub[M] {
	sender, first := broadcast.New[sent[M]](capacity)
	first.Close() // members subscribe when they join
	return &channelHub[M]{sender: sender, capacity: roundUp(capacity)}
}

type channelHub[M any] struct {
	sender   *broadcast.Sender[sent[M]]
	capacity int

	mu    sync.Mutex
	count uint64 // how many were sent: the number of the next one
}

// A channelMember receives its own messages with all others, and passes over them. When it
// has missed some, the ring only knows how many, not whose. Therefore it remembers the numbers of its own.
type channelMember[M any] struct {
	hub      *channelHub[M]
	receiver *broadcast.Receiver[sent[M]]

	mu   sync.Mutex
	next uint64   // the number of the message that receiver returns next
	own  []uint64 // the numbers of its own messages, from next on
	old  uint64   // how many more there were, which the ring has dropped
}

func (h *channelHub[M]) Join() Member[M] {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &channelMember[M]{hub: h, receiver: h.sender.Subscribe(), next: h.count}
}

func (h *channelHub[M]) Announce(message M) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.send(sent[M]{message: message})
}

func (m *channelMember[M]) Send(message M) {
	h := m.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	m.remember(h.count)
	h.send(sent[M]{from: m, message: message})
}

// send is called with mu held. Without it the numbers would not be those of the ring.
func (h *channelHub[M]) send(s sent[M]) {
	// The only possible error is that there are no members: nobody closes the sender. Then
	// nothing was sent.
	if _, err := h.sender.Send(s); err == nil {
		h.count++
	}
}

// remember notes that message number n is this member's own. Of numbers that are no longer in the ring it
// is enough to know how many there are.
func (m *channelMember[M]) remember(n uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.own) > 0 && m.own[0]+uint64(m.hub.capacity) < n {
		m.own = m.own[1:]
		m.old++
	}
	m.own = append(m.own, n)
}

func (m *channelMember[M]) TryRecv() (message M, err error) {
	// Held over both, the receiver's step and what is counted for it: else a Send in between could
	// count a message to the wrong gap.
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		received, err := m.receiver.TryRecv()
		if err == nil {
			m.pass(1)
			if received.from != Member[M](m) {
				return received.message, nil
			}
			continue
		}
		missed := missedBy(err)
		if missed == 0 {
			return message, err
		}
		// Nothing but its own may have been missed.
		if missed -= m.pass(missed); missed > 0 {
			return message, &broadcast.LaggedError{Missed: missed}
		}
	}
}

// missedBy returns how many messages an error of TryRecv says were missed, 0 if it says something else.
func missedBy(err error) uint64 {
	// Nobody wraps it, so there is no need to look inside.
	if lagged, ok := err.(*broadcast.LaggedError); ok {
		return lagged.Missed
	}
	return 0
}

// pass moves on by count messages, and returns how many of them were this member's own. mu is held.
func (m *channelMember[M]) pass(count uint64) (own uint64) {
	m.next += count
	own, m.old = m.old, 0
	for len(m.own) > 0 && m.own[0] < m.next {
		m.own = m.own[1:]
		own++
	}
	if len(m.own) == 0 {
		m.own = nil
	}
	return own
}

func (m *channelMember[M]) Ready() <-chan struct{} { return m.receiver.Ready() }
func (m *channelMember[M]) Len() int               { return m.receiver.Len() }
func (m *channelMember[M]) Behind() bool           { return m.Len() > m.hub.capacity/2 }
func (m *channelMember[M]) Leave()                 { m.receiver.Close() }

// Position implements [Positioned].
func (m *channelMember[M]) Position() (next, end uint64) { return m.receiver.Position() }
