package httpd

import (
	"errors"
	"os"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// A phase is what the connection waits for the client to do. Each has its time limit.
type phase uint8

const (
	between    phase = iota // not waiting: a request is being answered
	waitsIdle               // for the first byte of a request
	waitsHead               // for the rest of the head
	waitsBody               // for the rest of the body
	waitsClose              // for the end, see closing.go
)

var phaseNames = [...]string{"between", "waitsIdle", "waitsHead", "waitsBody", "waitsClose"}

// String returns the name of the constant.
func (p phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "unknown phase"
}

// receive waits until at least one byte more has arrived.
func (c *conn) receive() error {
	c.enterPhase(phaseOf(c.parser.State()))
	return c.wait()
}

// wait reads once, within the limit of the phase.
func (c *conn) wait() error {
	for early := 0; ; early++ {
		if err := c.read.arm(c.until); err != nil {
			return err
		}
		// Only now, for the end of ctx moves the deadline that arm might have set.
		if c.phase == waitsIdle && c.ctx.Err() != nil {
			return errStopped
		}
		err := c.readMore()
		switch {
		case !c.tooSoon(err):
			return err
		case early == mostEarlyWakes:
			return errCut
		}
		c.read.disarm()
	}
}

// mostEarlyWakes is how often a wait can time out before its time: because the deadline
// was armed early, because ctx has ended, and because the runtime reads two clocks when it
// sets a deadline. Who is woken once more has been cut: by the tcp.Server, or by
// somebody else who holds the connection.
const mostEarlyWakes = 3

// errCut ends a connection whose deadline can't be moved, or is moved again and again.
var errCut = errors.New("httpd: the connection was cut: its read deadline is in the past")

// errStopped ends an idle connection when the server stops.
var errStopped = errors.New("httpd: the server stops")

func phaseOf(state http1.State) phase {
	switch {
	case state == http1.Start:
		return waitsIdle
	case state.InBody():
		return waitsBody
	default:
		return waitsHead
	}
}

// enterPhase starts the clock of a phase, unless it runs already.
func (c *conn) enterPhase(next phase) {
	if c.phase == next {
		return
	}
	c.phase = next
	switch next {
	case waitsIdle:
		c.until = from(time.Now(), c.timeouts.Idle)
	case waitsHead:
		c.until = from(time.Now(), c.timeouts.Head)
	case waitsBody:
		c.until = from(time.Now(), c.timeouts.Body)
	}
}

// expectBody is called when the head is complete and the body is not. If the handler refuses
// the request by its head, that is the last response, and the connection is finished.
func (c *conn) expectBody() (refused bool, err error) {
	c.enterPhase(waitsBody)
	refused, err = c.ExpectBody()
	switch {
	case err == tcp.ErrAbortHandler:
		return true, c.flush()
	case !refused:
		return false, nil
	}
	if _, err := c.respond(); err != nil {
		return true, err
	}
	return true, c.finish()
}

// readMore reads once. While a connection has nothing to do, it does so without a workplace.
func (c *conn) readMore() error {
	if (c.phase == waitsIdle || c.phase == waitsClose) && len(c.in.bytes) == 0 && c.idle.possible() {
		return c.idle.read()
	}
	n, err := c.net.Read(c.Room())
	c.Received(n)
	if n > 0 {
		return nil // an error will come again
	}
	return err
}

// tooSoon reports whether err is a time-out before the time: the deadline was early, or it
// is not the one that was armed.
func (c *conn) tooSoon(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) && (c.until.IsZero() || time.Now().Before(c.until))
}
