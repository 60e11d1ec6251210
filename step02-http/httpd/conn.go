package httpd

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// A conn is one connection, and belongs to its goroutine.
type conn struct {
	server   *Server
	ctx      context.Context
	net      net.Conn
	peer     net.Addr
	timeouts Timeouts
	idle     idleReader

	*Workplace // nil while the connection is idle

	phase      phase
	until      time.Time // when the phase must be over
	read       deadline
	write      deadline
	takeover   Takeover
	stopWaking func() bool

	early []byte // what has arrived during a stream, and is not in the buffer yet
}

func newConn(ctx context.Context, s *Server, netConn net.Conn) *conn {
	c := &conn{server: s, ctx: ctx, net: netConn, peer: netConn.RemoteAddr(), timeouts: s.Timeouts.WithDefaults()}
	c.read.set, c.write.set = netConn.SetReadDeadline, netConn.SetWriteDeadline
	c.idle = newIdleReader(c)
	c.Workplace = s.TakeWorkplace(ctx, c.peer)
	return c
}

// release gives the workplace back when the connection is over.
func (c *conn) release() {
	if c.Workplace != nil {
		c.server.GiveBack(c.Workplace)
		c.Workplace = nil
	}
}

// serve is the life of a connection: parse what is there, answer it, or read more.
//
// Responses are sent when there is nothing left to parse. So requests that came
// together are answered in one write.
func (c *conn) serve() error {
	for {
		complete, err := c.Parse()
		switch {
		case err != nil:
			return c.refuse(err.(*http1.Error))
		case complete:
			framing, err := c.answer()
			switch {
			case err == tcp.ErrAbortHandler:
				return c.flush() // what came before is none of its business
			case err != nil:
				return err
			case framing.Content == http1.OtherProtocol:
				return c.handOver(c.takeover)
			case framing.Close:
				return c.finish()
			}
		case c.phase != waitsBody && c.parser.State().InBody():
			if refused, err := c.expectBody(); refused || err != nil {
				return err
			}
		default:
			if err := c.flush(); err != nil {
				return err
			}
			if err := c.receive(); err != nil {
				return c.end(err)
			}
		}
	}
}

// answer answers the complete request, and goes on to the next. The error is
// [tcp.ErrAbortHandler] if the handler wants no response.
func (c *conn) answer() (http1.Framing, error) {
	if err := c.Answer(); err != nil {
		return http1.Framing{}, err
	}
	framing, err := c.respond()
	if err != nil {
		return framing, err
	}
	c.phase = between
	if len(c.Unsent()) > MaxUnsent {
		err = c.flush()
	}
	return framing, err
}

// respond puts the response behind those that wait to be sent, and sends its stream if it
// has one.
func (c *conn) respond() (http1.Framing, error) {
	framing := c.Respond(c.ctx.Err() != nil)
	err := c.sendStream(framing)
	c.takeover = c.Finish(framing)
	c.takeEarly()
	return framing, err
}

// takeEarly puts what has arrived during a stream into the buffer. Only now, for that
// may move the request, and the access log still needs it.
func (c *conn) takeEarly() {
	for len(c.early) > 0 {
		n := copy(c.Room(), c.early)
		c.Received(n)
		c.early = c.early[n:]
	}
	c.early = nil
}

// flush sends the responses that wait.
func (c *conn) flush() error {
	for unsent := c.Unsent(); len(unsent) > 0; unsent = c.Unsent() {
		if err := c.send(unsent[:min(len(unsent), WritePiece)]); err != nil {
			return err
		}
	}
	return nil
}

// send sends one piece, within the write limit.
func (c *conn) send(piece []byte) error {
	until := from(time.Now(), c.timeouts.Write)
	for again := false; ; again = true {
		if err := c.write.arm(until); err != nil {
			return err
		}
		n, err := c.net.Write(piece)
		c.Sent(n)
		piece = piece[n:]
		switch {
		case err == nil:
			return nil
		case again || !errors.Is(err, os.ErrDeadlineExceeded) || !time.Now().Before(until):
			return err
		}
		// It was early; or the tcp.Server has cut the connection, and that will show again.
		c.write.disarm()
	}
}

// end is what becomes of a connection when nothing more comes from the client.
func (c *conn) end(err error) error {
	timedOut := errors.Is(err, os.ErrDeadlineExceeded)
	switch {
	case c.phase == waitsIdle && (timedOut || errors.Is(err, errStopped) || errors.Is(err, io.EOF)):
		return nil
	case timedOut:
		return c.refuse(http1.ErrTimeout)
	case errors.Is(err, io.EOF):
		return c.refuse(http1.ErrIncomplete)
	}
	return err
}
