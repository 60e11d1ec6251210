package futuretest

import (
	"sync"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
)

// A Probe is a Future that is ready when the test says so, and that fails the test when its owner
// breaks the contract:
//
//   - a Poll after it was ready, or after Cancel;
//   - a Poll during another Poll;
//   - a Cancel during a Poll, after it was ready, or for the second time.
//
// It goes on after a failure, as well as it can. The methods may be called from any goroutine.
type Probe[T any] struct {
	// OnPoll, if it isn't nil, is called in each Poll, before the Probe looks whether it
	// has its value. It is to be set before the first Poll. It may call the Probe's other
	// methods.
	OnPoll func(cx *future.Context)

	t    require.TestingT
	name string

	mu      sync.Mutex
	value   T
	hasIt   bool // value was set
	waker   future.Waker
	polling bool
	ready   bool // Poll has said so
	polls   int
	cancels int
}

// NewProbe returns a Probe that is pending. Failures go to t, and call it by its name.
func NewProbe[T any](t require.TestingT, name string) *Probe[T] {
	return &Probe[T]{t: t, name: name}
}

// Complete gives the Probe its value, and wakes the waker of the last Poll, if there was one.
func (p *Probe[T]) Complete(value T) {
	p.mu.Lock()
	p.value, p.hasIt = value, true
	p.mu.Unlock()
	p.Wake()
}

// Wake wakes the waker of the last Poll, if there was one. While the Probe has no value, or
// when it is over, that is a wake that means nothing: it may happen.
func (p *Probe[T]) Wake() {
	if w := p.Waker(); w != nil {
		w.Wake()
	}
}

// Waker returns the waker of the last Poll; nil if there was none.
func (p *Probe[T]) Waker() future.Waker {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waker
}

// Polls returns how often the Probe was polled.
func (p *Probe[T]) Polls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.polls
}

// Ready reports whether a Poll has returned ready.
func (p *Probe[T]) Ready() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ready
}

// Cancels returns how often the Probe was cancelled.
func (p *Probe[T]) Cancels() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cancels
}

// Poll is ready once Complete was called.
func (p *Probe[T]) Poll(cx *future.Context) (value T, ready bool) {
	p.mu.Lock()
	switch {
	case p.polling:
		p.t.Errorf("%s is polled by two at the same time", p.name)
	case p.ready:
		p.t.Errorf("%s was polled again after it was ready", p.name)
	case p.cancels > 0:
		p.t.Errorf("%s was polled after it was cancelled", p.name)
	}
	p.polls++
	p.polling = true
	p.waker = cx.Waker()
	p.mu.Unlock()

	if p.OnPoll != nil {
		p.OnPoll(cx)
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	p.polling = false
	if !p.hasIt {
		return
	}
	p.ready = true
	return p.value, true
}

// Cancel counts.
func (p *Probe[T]) Cancel() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.polling:
		p.t.Errorf("%s was cancelled while it was being polled", p.name)
	case p.ready:
		p.t.Errorf("%s was cancelled after it was ready", p.name)
	case p.cancels > 0:
		p.t.Errorf("%s was cancelled twice", p.name)
	}
	p.cancels++
}
