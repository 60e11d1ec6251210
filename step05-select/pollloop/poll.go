package pollloop

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

// Poll is the select loop of package selectloop, by hand. Where that one waits for a channel, this one looks: whoever
// wakes it, it looks everywhere. What must wait has kept the waker, and so Poll may return pending.
func (c *conn) Poll(cx *future.Context) (err error, ready bool) {
	if c.done {
		panic(future.PolledAfterReady)
	}
	for heard := false; ; {
		switch sent, err := c.send(cx); {
		case err != nil:
			return c.end(err), true
		case !sent:
			return nil, false // for room; nothing else is done meanwhile, so TCP makes the client wait
		}
		if over, err := c.client.Over(); over {
			return c.end(err), true
		}
		switch {
		case c.ctx.Err() != nil: // the server's end
			c.client.End()
		case !heard && (c.listen(cx) || c.read(cx)): // lines that had to wait, or the next ones
			heard = true
		case c.client.Member().PollReady(cx): // the next message, or a private one
		case c.over(cx, c.limits.ping): // time to ask whether it is still there
			c.limits.ping.Reset(time.Now().Add(c.limits.pingEvery))
			if !c.client.Ping() {
				return c.end(errSilent), true
			}
		case heard: // there may be more, but first it is the turn of the others
			cx.Waker().Wake()
			return nil, false
		default:
			return nil, false
		}
	}
}

var errSilent = errors.New("pollloop: the client gives no sign of life")

// over polls a clock that may not run.
func (c *conn) over(cx *future.Context, clock *timer.Sleep) bool {
	if clock == nil {
		return false
	}
	_, ready := clock.Poll(cx)
	return ready
}

// end ends the Future.
func (c *conn) end(err error) error {
	c.leave()
	return err
}

// send writes what is pending, all at once. It reports false if the client must make room first.
func (c *conn) send(cx *future.Context) (sent bool, err error) {
	if c.batch == nil {
		c.batch = writeBuffers.Get().(*[]byte)
		*c.batch = c.client.AppendPending((*c.batch)[:0])
		c.unsent = *c.batch
	}
	for len(c.unsent) > 0 {
		n, ready, err := c.net.PollWrite(cx, c.unsent)
		switch {
		case err != nil:
			return false, err
		case !ready:
			return false, c.makeRoom(cx)
		case n == 0:
			return false, io.ErrNoProgress
		}
		c.unsent = c.unsent[n:]
	}
	writeBuffers.Put(c.batch)
	c.batch, c.unsent = nil, nil
	if c.limits.write != nil {
		c.limits.write.Cancel()
		c.limits.write = nil
		c.client.Member().Busy(false)
	}
	return true, nil
}

// makeRoom waits for the client to read, but not for ever.
func (c *conn) makeRoom(cx *future.Context) error {
	if c.limits.write == nil {
		c.limits.write = c.rt.Sleep(c.limits.writeTimeout)
		c.client.Member().Busy(true)
	}
	if c.over(cx, c.limits.write) {
		c.limits.write = nil
		return fmt.Errorf("pollloop: the client does not read: %w", os.ErrDeadlineExceeded)
	}
	return nil
}

// listen lets the client go on with what it has not heard yet. It reports false if that is nothing, or must wait.
func (c *conn) listen(cx *future.Context) bool {
	at, ok := c.client.Unheard()
	if !ok || !c.isTime(cx, at) {
		return false
	}
	c.client.Listen()
	c.giveBack()
	return true
}

// isTime reports whether the moment has come. If not, the waker is called then.
func (c *conn) isTime(cx *future.Context, at time.Time) bool {
	if !time.Now().Before(at) {
		return true
	}
	switch {
	case c.limits.resume == nil:
		c.limits.resume = c.rt.Timers().SleepUntil(at)
	case c.limits.at != at:
		c.limits.resume.Reset(at)
	}
	c.limits.at = at
	return c.over(cx, c.limits.resume)
}

// read reads once, if the client wants more. It reports false if nothing has come.
func (c *conn) read(cx *future.Context) bool {
	if !c.client.Hungry() {
		return false
	}
	switch {
	case c.ended == nil:
	case errors.Is(c.ended, io.EOF):
		c.client.HearEnd(nil)
		return true
	default:
		c.client.HearEnd(c.ended)
		return true
	}
	c.unheard = readBuffers.Get().(*[readSize]byte)
	n, ready, err := c.net.PollRead(cx, c.unheard[:])
	if ready {
		c.ended = err
		c.client.Hear(c.unheard[:n])
	}
	c.giveBack()
	return ready
}

// giveBack gives the read buffer back when everything in it was heard.
func (c *conn) giveBack() {
	if _, more := c.client.Unheard(); !more && c.unheard != nil {
		readBuffers.Put(c.unheard)
		c.unheard = nil
	}
}
