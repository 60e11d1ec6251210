//go:build !solution

package delay

import (
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A Delay is a Future that is ready when its time is over.
type Delay struct {
	clock    Clock
	deadline time.Time
}

// New returns a Delay that is over when d has passed. It sets no timer: that is for the first Poll.
func New(clock Clock, d time.Duration) *Delay {
	return &Delay{clock: clock, deadline: clock.Now().Add(d)}
}

// Poll is ready when the time is over. The article's ends here:
//
//	if !d.clock.Now().Before(d.deadline) {
//		return struct{}{}, true
//	}
//	return // pending; and who will ever poll it again?
//
// When it has to return pending, it must have arranged that the waker of this Poll is called when the time is
// over, by one timer for all Polls: a Delay may be polled often, and each time by another
// task. When it has been ready it panics with future.PolledAfterReady.
func (d *Delay) Poll(cx *future.Context) (_ struct{}, ready bool) {
	panic(lesson.ErrNotStarted)
}

// Cancel takes the timer back, if there is one: nobody will poll again.
func (d *Delay) Cancel() {
}
