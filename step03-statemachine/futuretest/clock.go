package futuretest

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"
)

// A Clock is a clock that the test turns, for Futures that are built on something like
// [time.AfterFunc]. The zero Clock is ready to use; its methods may be called from any goroutine.
//
// Before they return, its methods let other goroutines run, half of the time: so whatever
// can come between a Future's look at the clock and its next step will come, if one tries
// often enough.
type Clock struct {
	mu     sync.Mutex
	passed time.Duration
	alarms []*alarm
}

// An alarm is one call of AfterFunc that is to come.
type alarm struct {
	at time.Duration
	f  func()
}

// Now returns the time: an arbitrary one at first, moved on by Advance.
func (c *Clock) Now() time.Time {
	defer perhapsYield()
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Unix(0, 0).Add(c.passed)
}

// AfterFunc arranges that f is called when d has passed: by the goroutine that calls
// Advance, with no lock held. stop takes that back, and reports whether it came in time; it
// does not wait for an f that runs already.
func (c *Clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	defer perhapsYield()
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: c.passed + d, f: f}
	c.alarms = append(c.alarms, a)
	return func() bool {
		defer perhapsYield()
		c.mu.Lock()
		defer c.mu.Unlock()
		before := len(c.alarms)
		c.alarms = slices.DeleteFunc(c.alarms, func(other *alarm) bool { return other == a })
		return len(c.alarms) < before
	}
}

// Advance turns the clock by d, and then calls what is due, in order of time. It must not
// be called by two at the same time.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.passed += d
	c.mu.Unlock()
	for {
		f := c.next()
		if f == nil {
			return
		}
		f()
	}
}

// next takes the first alarm that is due; nil if there is none.
func (c *Clock) next() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := -1
	for i, a := range c.alarms {
		if a.at <= c.passed && (first < 0 || a.at < c.alarms[first].at) {
			first = i
		}
	}
	if first < 0 {
		return nil
	}
	f := c.alarms[first].f
	c.alarms = slices.Delete(c.alarms, first, first+1)
	return f
}

// Pending returns how many calls are still to come.
func (c *Clock) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.alarms)
}

func perhapsYield() {
	if rand.Uint32()&1 == 0 {
		runtime.Gosched()
	}
}
