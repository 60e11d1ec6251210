// Package delay is exercise 3.1: repair the article's Delay, so that it wakes.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step03-statemachine/exercises/delay
//
// passes. A Delay is ready when its time is over. The article's looks at the clock when it is
// polled, and leaves out "for simplicity" to arrange that it will be polled
// again: in an executor it sleeps for ever. (15 minutes)
package delay

import "time"

// A Clock is what a Delay has instead of package time, so that a test can turn it.
type Clock interface {
	// Now returns the time.
	Now() time.Time
	// AfterFunc arranges that f is called when d has passed, on another goroutine: perhaps before
	// AfterFunc has returned. stop takes that back, and reports whether it came in
	// time; if not, f may be running.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}
