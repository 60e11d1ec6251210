package futuretest

import (
	"sync"
	"time"

	"example.com/async/step03-statemachine/future"
)

// A delay is the article's Delay with what it leaves out: it remembers whom to wake.
type delay struct {
	clock    *Clock
	deadline time.Time
	stop     func() bool // of the timer; nil until it is set
	over     bool        // Poll has said ready

	mu    sync.Mutex // guards what follows: the timer fires on another goroutine
	fired bool
	waker future.Waker
}

func newDelay(clock *Clock, length time.Duration) *delay {
	return &delay{clock: clock, deadline: clock.Now().Add(length)}
}

func (d *delay) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if d.over {
		panic(future.PolledAfterReady)
	}
	if d.stop == nil {
		left := d.deadline.Sub(d.clock.Now())
		if left <= 0 {
			d.over = true
			return struct{}{}, true
		}
		d.stop = d.clock.AfterFunc(left, d.fire)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = d.fired // it may have fired already
	d.waker = cx.Waker()
	return struct{}{}, d.over
}

func (d *delay) fire() {
	d.mu.Lock()
	d.fired = true
	w := d.waker
	d.mu.Unlock()
	if w != nil {
		w.Wake()
	}
}

func (d *delay) Cancel() {
	if d.stop != nil {
		d.stop()
	}
}
