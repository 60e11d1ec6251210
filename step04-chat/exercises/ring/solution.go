//go:build solution

package ring

import (
	"sync"

	"example.com/async/step04-chat/broadcast"
)

type Ring struct {
	mu        sync.Mutex // guards all below, and the positions of the receivers
	slots     []any      // value number n is in slots[n%len(slots)]
	sent      int        // how many: the number of the next one
	receivers int
}

func New(capacity int) *Ring {
	size := 1
	for size < capacity {
		size *= 2
	}
	return &Ring{slots: make([]any, size)}
}

func (r *Ring) Send(v any) (receivers int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slots[r.sent%len(r.slots)] = v
	r.sent++
	return r.receivers
}

func (r *Ring) Subscribe() *Receiver {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.receivers++
	return &Receiver{ring: r, next: r.sent}
}

type Receiver struct {
	ring *Ring
	next int
}

func (r *Receiver) TryRecv() (any, error) {
	ring := r.ring
	ring.mu.Lock()
	defer ring.mu.Unlock()
	oldest := max(0, ring.sent-len(ring.slots))
	switch {
	case r.next < oldest:
		missed := oldest - r.next
		r.next = oldest
		return nil, &broadcast.LaggedError{Missed: uint64(missed)}
	case r.next == ring.sent:
		return nil, broadcast.ErrEmpty
	}
	v := ring.slots[r.next%len(ring.slots)]
	r.next++
	return v, nil
}
