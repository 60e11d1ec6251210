package hub

import (
	"sync"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step05-select/session"
)

// An inbox holds what is for one member alone, in the order in which it came. Answers always find room:
// a member that does not take them is not heard either, so there is never more than what a few lines have
// asked for. What others whisper is bounded.
type inbox struct {
	mu       sync.Mutex
	messages []*session.Message
	whispers int           // how many of them
	ready    chan struct{} // with room for one; nil until somebody waits by channel
	waker    future.Waker  // nil unless somebody waits by waker
}

// maxWhispers is how many whispers can wait for one member.
const maxWhispers = 64

// put adds messages, and wakes the member.
func (b *inbox) put(messages ...*session.Message) {
	b.mu.Lock()
	b.messages = append(b.messages, messages...)
	b.wakeAndUnlock()
}

// whisper is put for what somebody else says. It reports false if there are too many already.
func (b *inbox) whisper(m *session.Message) bool {
	b.mu.Lock()
	if b.whispers == maxWhispers {
		b.mu.Unlock()
		return false
	}
	b.whispers++
	b.messages = append(b.messages, m)
	b.wakeAndUnlock()
	return true
}

func (b *inbox) wakeAndUnlock() {
	if b.ready != nil {
		select {
		case b.ready <- struct{}{}:
		default: // the last signal was not seen yet
		}
	}
	waker := b.waker
	b.waker = nil
	b.mu.Unlock()
	if waker != nil {
		waker.Wake()
	}
}

// take empties the inbox.
func (b *inbox) take() []*session.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.messages
	b.messages, b.whispers = nil, 0 // not to be used again: an idle member has no memory here
	return taken
}

// answered reports whether something is there that the member has asked for.
func (b *inbox) answered() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.messages) > b.whispers
}

func (b *inbox) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.messages)
}

// waitChan returns a channel from which one can receive when something may be there.
func (b *inbox) waitChan() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ready == nil {
		b.ready = make(chan struct{}, 1)
	}
	if len(b.messages) > 0 { // an earlier signal may have been seen before all was taken
		select {
		case b.ready <- struct{}{}:
		default:
		}
	}
	return b.ready
}

// wait sees to it that the next message wakes w.
func (b *inbox) wait(w future.Waker) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waker = w
}
