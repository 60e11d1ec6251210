package hub

import (
	"sync"

	"example.com/async/step03-statemachine/future"
)

// A bell is how a message in a room wakes the tasks that wait for one: what closing a channel is for goroutines, by hand.
// A goroutine for each client that waits for the channel and calls a waker would do it, too; but not having a
// goroutine for each client is what the tasks are for.
type bell struct {
	mu      sync.Mutex
	waiting []*seat // each at most once: its waker is not nil
}

// wait sees to it that the next ring wakes w. Of several that wait for one seat it is the last. The caller
// looks once more afterwards whether there is something: it may have come just before.
func (b *bell) wait(s *seat, w future.Waker) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.waker == nil {
		b.waiting = append(b.waiting, s)
	}
	s.waker = w
}

// ring wakes all who wait. Who has left meanwhile is woken for nothing.
func (b *bell) ring() {
	b.mu.Lock()
	waiting := b.waiting
	b.waiting = nil
	wakers := make([]future.Waker, len(waiting))
	for i, s := range waiting {
		wakers[i], s.waker = s.waker, nil
	}
	b.mu.Unlock()
	for _, w := range wakers {
		w.Wake()
	}
}
