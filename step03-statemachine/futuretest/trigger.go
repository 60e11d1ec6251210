package futuretest

import (
	"sync"

	"example.com/async/step03-statemachine/future"
)

// A Trigger is ready once Fire was called. It is about the smallest leaf that keeps all
// promises: it looks and stores the waker under one lock, so that no Fire can come in
// between, and it calls the waker without that lock. The zero Trigger is ready to use.
type Trigger struct {
	mu    sync.Mutex
	fired bool
	waker future.Waker
}

// Fire makes the Trigger ready. It may be called from any goroutine, and any number of times.
func (g *Trigger) Fire() {
	g.mu.Lock()
	g.fired = true
	w := g.waker
	g.waker = nil
	g.mu.Unlock()
	if w != nil {
		w.Wake()
	}
}

// Poll is ready when Fire was called.
func (g *Trigger) Poll(cx *future.Context) (_ struct{}, ready bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fired {
		return struct{}{}, true
	}
	g.waker = cx.Waker()
	return
}

// Cancel forgets the waker.
func (g *Trigger) Cancel() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waker = nil
}

// Waiting reports whether somebody has polled the Trigger and is to be woken.
func (g *Trigger) Waiting() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waker != nil
}
