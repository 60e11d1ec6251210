package httpfuture

import (
	"os"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

// startClock starts the time limit of a state, unless it runs already: a head or a body may
// come in many pieces.
func (c *conn) startClock(s state) {
	if c.clock == s {
		return
	}
	c.clock = s
	limit := tcp.LingerTime
	switch s {
	case idle:
		limit = c.engine.timeouts.Idle
	case readHead:
		limit = c.engine.timeouts.Head
	case readBody:
		limit = c.engine.timeouts.Body
	}
	c.until = c.engine.after(limit)
}

// timeIsOver reports false if the connection must wait on, until then at most.
func (c *conn) timeIsOver(cx *future.Context, until deadline) bool {
	if !c.limit.over(cx, c.engine, until) {
		return false
	}
	switch c.state {
	case readHead, readBody:
		c.refuse(http1.ErrTimeout)
	case writing:
		c.fail(os.ErrDeadlineExceeded)
	default: // idle, lingering: without a word
		c.state = done
	}
	return true
}

// A deadline is a moment, as time since the engine's start: 8 bytes instead of the 24 of a
// time.Time, of which an idle connection would have three.
type deadline time.Duration

// none is no deadline.
const none deadline = 0

// after returns when a limit is over that begins now. A negative one never is.
func (e *engine) after(limit time.Duration) deadline {
	if limit < 0 {
		return none
	}
	return deadline(time.Since(e.start) + limit)
}

// A limit is the one timer of a connection. Each state has a time limit of its own, and
// a busy connection enters a new one every few microseconds. So the timer is armed
// for a deadline only if that is earlier than what it is armed for. If it is later, the timer
// stays where it is in the heap, fires too soon, and is armed anew then: once
// in a minute perhaps, not once for each request.
type limit struct {
	timer *timer.Sleep // nil until there is a deadline
	armed deadline     // for when; or none
}

// over reports whether the deadline has passed. If not, the Context's waker will be called
// when it has.
func (l *limit) over(cx *future.Context, e *engine, until deadline) bool {
	for until != none {
		switch {
		case l.timer == nil:
			l.timer = e.rt.Timers().SleepUntil(e.start.Add(time.Duration(until)))
			l.armed = until
		case l.armed == none || until < l.armed:
			l.timer.Reset(e.start.Add(time.Duration(until)))
			l.armed = until
		}
		if _, ready := l.timer.Poll(cx); !ready {
			return false
		}
		fired := l.armed
		l.armed = none
		if fired >= until {
			return true
		}
	}
	return false
}

// cancel takes the timer out of the heap.
func (l *limit) cancel() {
	if l.armed != none {
		l.timer.Cancel()
		l.armed = none
	}
}
