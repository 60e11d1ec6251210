package httpfuture

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A conn is one connection as a Future, which is ready when the connection is over. It is what
// the goroutine of package httpd has on its stack, spelled out: only what must outlive a wait
// is here.
type conn struct {
	engine *engine
	net    asyncnet.Conn // the asyncnet.Server closes it

	state state // what is awaited
	next  state // what follows writing
	clock state // whose time limit until is; answering: nobody's
	err   error // why the connection has ended, if not in good order

	work     *httpd.Workplace // nil while the connection is idle
	stream   *stream          // nil if no content is under way
	takeover *takeover        // after a 101

	limit      limit
	until      deadline // for reading
	writeUntil deadline // for writing; none if that didn't have to wait yet
	moved      int      // bytes: written since writeUntil was set, or read while lingering
}

// An engine is what all connections of one Serve share.
type engine struct {
	http     *httpd.Server
	timeouts httpd.Timeouts
	start    time.Time       // what deadlines are counted from
	ctx      context.Context // ends when the server begins to stop; then each conn is polled once more
	rt       *executor.Runtime
	asides   *asides // goroutines of streams and takeovers
	logger   *slog.Logger
}

func (e *engine) newConn(accepted asyncnet.Conn) *conn {
	e.http.Stats.Connected()
	c := &conn{engine: e, net: accepted, clock: answering}
	c.startClock(idle)
	return c
}

// stopping reports whether the server stops. A response is the last one of its connection then.
func (e *engine) stopping() bool { return e.ctx.Err() != nil }

var _ future.Canceler = (*conn)(nil)

// Poll lets the connection go as far as it can: until one of the points (1) to (5), where it
// must wait. At the same points the goroutine of httpd's conn.serve would block.
func (c *conn) Poll(cx *future.Context) (err error, ready bool) {
	for {
		progress := true
		switch c.state {
		case idle, readHead, readBody:
			progress = c.receive(cx) // (1)
		case answering:
			progress = c.answer(cx) // for others only
		case writing:
			progress = c.send(cx) // (2)
		case streaming:
			progress = c.goOnStreaming(cx) // (3)
		case lingering:
			progress = c.linger(cx) // (4)
		case handedOver:
			progress = c.awaitTakeover(cx) // (5)
		case done:
			c.release()
			return c.err, true
		default:
			panic(future.PolledAfterReady)
		}
		if !progress {
			return nil, false
		}
	}
}

// Cancel gives everything back, in whatever state the connection is. The server has waited long
// enough for it.
func (c *conn) Cancel() {
	if c.stream != nil {
		c.stream.abandon(c)
	}
	if c.takeover != nil {
		c.takeover.expire()
	}
	c.release()
}

// release gives back what the connection holds. It is polled no more.
func (c *conn) release() {
	c.state = over
	c.limit.cancel()
	if c.work != nil {
		if c.stream != nil { // the connection has failed in its middle
			c.work.Finish(c.stream.framing)
		}
		c.giveBack()
	}
	c.engine.http.Stats.Disconnected()
}

func (c *conn) giveBack() {
	c.engine.http.GiveBack(c.work)
	c.work = nil
}

// receive reads once. It reports false if it must wait.
func (c *conn) receive(cx *future.Context) (progress bool) {
	if c.state == idle && c.engine.stopping() {
		c.state = done
		return true
	}
	switch _, ready, err := c.read(cx); {
	case err != nil:
		c.noMore(err)
	case !ready:
		return c.timeIsOver(cx, c.until)
	default:
		c.state = answering
	}
	return true
}

// read reads once to the workplace, and takes one for that. While it waits and nothing is in
// the workplace, that belongs to somebody else.
func (c *conn) read(cx *future.Context) (n int, ready bool, err error) {
	if c.work == nil {
		c.work = c.engine.http.TakeWorkplace(c.engine.ctx, c.net.RemoteAddr())
	}
	n, ready, err = c.net.PollRead(cx, c.work.Room())
	c.work.Received(n)
	if !ready && c.work.Empty() {
		c.giveBack()
	}
	return n, ready, err
}

// noMore is what becomes of a connection when nothing more comes from the client.
func (c *conn) noMore(err error) {
	switch {
	case !errors.Is(err, io.EOF):
		c.fail(err)
	case c.state == idle:
		c.state = done
	default:
		c.refuse(http1.ErrIncomplete)
	}
}

// sendThen sends what waits to be sent, and enters next when the client has accepted it.
func (c *conn) sendThen(next state) {
	if len(c.work.Unsent()) == 0 {
		c.enter(next)
		return
	}
	c.state, c.next = writing, next
	c.writeUntil, c.moved = none, 0
}

// send writes until everything is sent. It reports false if it must wait.
func (c *conn) send(cx *future.Context) (progress bool) {
	for unsent := c.work.Unsent(); len(unsent) > 0; unsent = c.work.Unsent() {
		n, ready, err := c.net.PollWrite(cx, unsent)
		c.work.Sent(n)
		switch c.moved += n; {
		case err != nil:
			c.fail(err)
			return true
		case !ready:
			// Only who has to wait asks for the time.
			if c.writeUntil == none {
				c.writeUntil = c.engine.after(c.engine.timeouts.Write)
			}
			return c.timeIsOver(cx, c.writeUntil)
		case c.moved >= httpd.WritePiece:
			c.writeUntil, c.moved = none, 0
		}
	}
	c.enter(c.next)
	return true
}

// linger reads and forgets what the client still sends, so that closing doesn't
// reset the connection. It reports false if it must wait.
func (c *conn) linger(cx *future.Context) (progress bool) {
	for c.moved < tcp.LingerBytes {
		n, ready, err := c.read(cx)
		switch {
		case err != nil:
			c.state = done // the client has closed, as it should
			return true
		case !ready:
			return c.timeIsOver(cx, c.until)
		}
		c.moved += n
		c.work.Discard()
	}
	c.state = done
	return true
}

// enter makes s what is awaited, and starts its clock.
func (c *conn) enter(s state) {
	c.state = s
	switch s {
	case idle, readHead, readBody:
		c.startClock(s)
	case lingering:
		c.work.Discard()
		c.moved = 0
		if c.net.CloseWrite() != nil {
			c.state = done // there is no client any more
		}
		c.startClock(s)
	case handedOver:
		c.startTakeover()
	}
}

// fail ends the connection after an error. On a network that happens all the time.
func (c *conn) fail(err error) { c.state, c.err = done, err }
