package timer

import (
	"time"

	"example.com/async/step03-statemachine/future"
)

// A Sleep is a Future that is ready at its deadline, and never before it. It mirrors
// tokio::time::Sleep. [Timers.Sleep] makes one.
//
// The deadline is fixed when the Sleep is made, but the Sleep enters the heap at its first pending
// Poll: one that is never polled costs nothing and needs no Cancel. A Sleep whose deadline has passed
// at the first Poll is ready at once.
//
// Poll, Reset and Cancel must not run at the same time, as with every Future. A Sleep
// spends nothing of the task's budget: it is ready once, and cannot go on for ever.
type Sleep struct {
	_      future.NoCopy // the heap refers to it
	timers *Timers

	// The rest is guarded by timers.mu: Fire runs on whatever goroutine has the driver.
	deadline time.Duration // since timers.start
	order    uint64        // of registration: the earlier of two equal deadlines
	state    sleepState
	index    int          // in the heap, while waiting
	waker    future.Waker // of the last Poll, while waiting
}

var _ future.Canceler = (*Sleep)(nil)

// A sleepState says whether a Sleep is in the heap.
type sleepState uint8

const (
	created sleepState = iota // not polled yet, or Reset since it was ready
	waiting                   // in the heap; its waker is called at the deadline
	fired                     // taken out of the heap by Fire; the next Poll is ready
	over                      // has returned ready, or was cancelled
)

// Poll is ready once the deadline has passed.
func (s *Sleep) Poll(cx *future.Context) (_ struct{}, ready bool) {
	t := s.timers
	t.mu.Lock()
	switch s.state {
	case created:
		if s.deadline <= t.elapsed() {
			s.state = over
			break
		}
		s.waker = cx.Waker()
		first := t.add(s)
		t.mu.Unlock()
		if first {
			t.earlier()
		}
		return
	case waiting:
		s.waker = cx.Waker() // the last one counts: the Sleep may have moved to another task
		t.mu.Unlock()
		return
	case fired:
		s.state = over
	case over:
		t.mu.Unlock()
		panic(future.PolledAfterReady)
	}
	t.mu.Unlock()
	return struct{}{}, true
}

// Cancel takes the Sleep out of the heap now. If it is just being fired, its waker may
// still be called.
func (s *Sleep) Cancel() {
	t := s.timers
	t.mu.Lock()
	defer t.mu.Unlock()
	if s.state == waiting {
		t.remove(s)
	}
	s.state = over
}

// Reset moves the deadline. A Sleep that is waiting goes on to wait, for the new deadline and with the
// waker that it has, and counts as registered now. One that was ready or cancelled is as new, and
// enters the heap at its next pending Poll. A connection that moves its time limit with every request
// needs one Sleep for all of them.
func (s *Sleep) Reset(deadline time.Time) {
	t := s.timers
	t.mu.Lock()
	first := false
	if s.state == waiting {
		first = t.move(s, t.since(deadline))
	} else {
		s.deadline, s.state = t.since(deadline), created
	}
	t.mu.Unlock()
	if first {
		t.earlier()
	}
}
