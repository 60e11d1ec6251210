//go:build solution

package delay

import (
	"sync"
	"time"

	"example.com/async/step03-statemachine/future"
)

type Delay struct {
	clock    Clock
	deadline time.Time
	stop     func() bool // of the timer; nil until there is one
	ended    bool        // Poll was ready

	mu    sync.Mutex // the timer fires on another goroutine
	over  bool
	waker future.Waker // of the latest Poll
}

func New(clock Clock, d time.Duration) *Delay {
	return &Delay{clock: clock, deadline: clock.Now().Add(d)}
}

func (d *Delay) Poll(cx *future.Context) (_ struct{}, ready bool) {
	switch {
	case d.ended:
		panic(future.PolledAfterReady)
	case d.stop == nil:
		left := d.deadline.Sub(d.clock.Now())
		if left <= 0 {
			d.ended = true
			return struct{}{}, true
		}
		d.stop = d.clock.AfterFunc(left, d.fire)
	}
	d.mu.Lock() // to look and to register are one step: nothing fires in between
	defer d.mu.Unlock()
	d.waker = cx.Waker()
	d.ended = d.over
	return struct{}{}, d.over
}

func (d *Delay) fire() {
	d.mu.Lock()
	d.over = true
	waker := d.waker
	d.mu.Unlock()
	if waker != nil { // else the first Poll is about to look
		waker.Wake()
	}
}

func (d *Delay) Cancel() {
	if d.stop != nil {
		d.stop()
	}
}
