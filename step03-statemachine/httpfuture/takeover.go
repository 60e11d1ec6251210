package httpfuture

import (
	"net"
	"runtime/debug"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/future"
)

// A takeover is a connection that goes on in another protocol. An [httpd.Takeover] is a
// function that blocks, so it has a goroutine, as in package httpd, and an adapter for its
// connection.
type takeover struct {
	take    httpd.Takeover
	conn    net.Conn      // nil until it begins
	running *aside[error] // of what the function returns
}

// startTakeover hands the connection over. The 101 has been sent.
func (c *conn) startTakeover() {
	buffered := c.work.Buffered()
	c.giveBack() // another connection can use the memory
	c.limit.cancel()
	t := c.takeover
	t.conn = asyncnet.NetConn(c.net)
	t.running = startAside(c.engine.asides, func() error { return t.run(c.engine, buffered) })
}

// awaitTakeover waits for the goroutine. It reports false if it must wait on.
func (c *conn) awaitTakeover(cx *future.Context) (progress bool) {
	result, ready := c.takeover.running.Poll(cx)
	if !ready {
		return false
	}
	c.state, c.err = done, result.Value
	return true
}

// run runs the function.
func (t *takeover) run(e *engine, buffered []byte) error {
	defer func() {
		if cause := recover(); cause != nil && cause != tcp.ErrAbortHandler {
			e.logger.Error("httpfuture: a takeover panicked",
				"peer", t.conn.RemoteAddr(), "panic", cause, "stack", string(debug.Stack()))
		}
	}()
	return t.take(e.ctx, t.conn, buffered)
}

// expire lets each Read and Write of the function fail, so that it comes to an end, and the
// last that it sees of the connection is no mistake of its own.
func (t *takeover) expire() {
	if t.conn != nil {
		_ = t.conn.SetDeadline(time.Unix(1, 0)) // fails if the function has closed it: as good
	}
}
