package hub

import (
	"sync"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step05-select/session"
)

// An inbox holds what is for one member alone, in the order in which it came. Answers always find room:
// a member that does not take them is not heard either, so there is never more than what a few lines have
// asked for. What others whisper is bounded.
//
// A history of a hundred long lines is a hundred pointers here, to what the room and all its members share. Each is taken
// when it can be written: the same as bytes would be 400 KiB for each client that does not read.
type inbox struct {
	mu       sync.Mutex
	letters  []letter
	whispers int           // how many of them
	weight   int           // bytes of what they say
	closed   bool          // nothing more comes in
	ready    chan struct{} // with room for one; nil until somebody waits by channel
	waker    future.Waker  // nil unless somebody waits by waker
}

// A letter is a message in an inbox.
type letter struct {
	message *session.Message
	whisper bool // of somebody else: it is counted, and no answer
}

// maxWhispers is how many whispers can wait for one member, and maxWeight about how many bytes they can be together: nobody
// else keeps them, so they are memory that others fill.
const (
	maxWhispers = 64
	maxWeight   = 32 << 10
)

// put adds messages, and wakes the member.
func (b *inbox) put(messages ...*session.Message) {
	b.mu.Lock()
	b.add(messages)
	b.wakeAndUnlock()
}

// close is put for the last messages.
func (b *inbox) close(messages ...*session.Message) {
	b.mu.Lock()
	b.add(messages)
	b.closed = true
	b.wakeAndUnlock()
}

func (b *inbox) add(messages []*session.Message) {
	if b.closed {
		return
	}
	for _, m := range messages {
		b.letters = append(b.letters, letter{message: m})
	}
}

// whisper is put for what somebody else says. It reports false if there is too much already.
func (b *inbox) whisper(m *session.Message) bool {
	b.mu.Lock()
	if b.closed || b.whispers == maxWhispers || b.weight >= maxWeight {
		b.mu.Unlock()
		return false
	}
	b.whispers++
	b.weight += len(m.Text)
	b.letters = append(b.letters, letter{m, true})
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

// take takes the oldest message, nil if there is none, and reports whether there are more.
func (b *inbox) take() (m *session.Message, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.letters) == 0 {
		return nil, false
	}
	oldest := b.letters[0]
	b.letters[0] = letter{} // the message is not to be kept by what is still to be taken
	b.letters = b.letters[1:]
	if oldest.whisper {
		b.whispers--
		b.weight -= len(oldest.message.Text)
	}
	if len(b.letters) == 0 {
		b.letters = nil // not to be used again: an idle member has no memory here
	}
	return oldest.message, len(b.letters) > 0
}

// answered reports whether something is there that the member has asked for.
func (b *inbox) answered() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.letters) > b.whispers
}

func (b *inbox) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.letters)
}

// waitChan returns a channel from which one can receive when something may be there.
func (b *inbox) waitChan() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ready == nil {
		b.ready = make(chan struct{}, 1)
	}
	if len(b.letters) > 0 { // an earlier signal may have been seen before all was taken
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
