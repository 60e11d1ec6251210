package executor

import (
	"time"

	"example.com/async/step03-statemachine/future"
)

// A token is how one goroutine sleeps until another one wakes it. It is a channel with room for
// one: a wake before the sleep is kept there, and the sleep does not happen. Several wakes
// before it are one.
//
// Without the room, a wake that comes between "there is nothing to do" and "sleep" would find
// nobody and be lost.
type token chan struct{}

func newToken() token { return make(token, 1) }

// Wake implements [future.Waker].
func (t token) Wake() {
	select {
	case t <- struct{}{}:
	default: // one is there already
	}
}

// sleep returns when Wake has been called since the last sleep.
func (t token) sleep() { <-t }

// A Driver is where a runtime's worker sleeps when there is nothing to poll, and what wakes it when the outside world
// has something new. [NewParker] is the one without I/O; package reactor has one that sleeps in epoll_wait.
type Driver interface {
	// Park sleeps until something happens, limit has passed, or Unpark was called: before, if nobody
	// has parked since. A limit of 0 only looks; a negative one is none. Park appends to woken the wakers
	// of whoever can go on, and returns it; the caller wakes them. It may return early and with nothing.
	// Only one goroutine parks at a time.
	Park(limit time.Duration, woken []future.Waker) []future.Waker

	// Unpark makes the Park that runs return, or else the next one. It may be called from any
	// goroutine, and never blocks.
	Unpark()

	// Close gives everything back. Nobody parks any more then; Unpark may still be called, and does nothing.
	Close() error
}

// NewParker returns a Driver for a runtime without I/O: a channel and a timer. It works in a
// bubble of testing/synctest.
func NewParker() Driver {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &parker{token: newToken(), timer: timer}
}

type parker struct {
	token token
	timer *time.Timer
}

// Park implements [Driver].
func (p *parker) Park(limit time.Duration, woken []future.Waker) []future.Waker {
	switch {
	case limit < 0:
		p.token.sleep()
	case limit == 0:
		select {
		case <-p.token:
		default:
		}
	default:
		p.timer.Reset(limit)
		select {
		case <-p.token:
			p.timer.Stop()
		case <-p.timer.C:
		}
	}
	return woken
}

// Unpark implements [Driver].
func (p *parker) Unpark() { p.token.Wake() }

// Close implements [Driver].
func (p *parker) Close() error { return nil }
