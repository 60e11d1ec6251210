package httpd

import (
	"io"
	"net"
	"syscall"
)

// An idleReader waits for the first bytes of a request without a buffer to read
// them to. net.Conn's Read needs its buffer from the beginning, so a thousand
// idle connections would hold a thousand of them. The kernel can be asked first instead: try
// to read; if nothing is there, give the workplace back, and wait until it is.
type idleReader struct {
	conn *conn
	raw  syscall.RawConn // nil if the connection has no descriptor, or the system no such way
	try  func(fd uintptr) bool
	err  error
}

func newIdleReader(c *conn) idleReader {
	accepted := c.net
	if wrapped, ok := accepted.(interface{ NetConn() net.Conn }); ok {
		accepted = wrapped.NetConn()
	}
	// These two and no others: who embeds one of them has its descriptor too, but perhaps a Read of its own.
	var raw syscall.RawConn
	var err error
	switch accepted := accepted.(type) {
	case *net.TCPConn:
		raw, err = accepted.SyscallConn()
	case *net.UnixConn:
		raw, err = accepted.SyscallConn()
	}
	if raw == nil || err != nil || !canReadDescriptor {
		return idleReader{}
	}
	return idleReader{conn: c, raw: raw}
}

func (r *idleReader) possible() bool { return r.raw != nil }

// read does what conn.readMore does. The connection has its workplace again when
// read returns.
func (r *idleReader) read() error {
	if r.try == nil {
		r.try = r.tryRead
	}
	r.err = nil
	err := r.raw.Read(r.try)
	if r.conn.Workplace == nil {
		r.conn.Workplace = r.conn.server.TakeWorkplace(r.conn.ctx, r.conn.peer)
	}
	if err != nil {
		return err // a time-out
	}
	return r.err
}

// tryRead is called when there may be something to read. It reports whether there was.
func (r *idleReader) tryRead(fd uintptr) bool {
	c := r.conn
	if c.Workplace == nil {
		c.Workplace = c.server.TakeWorkplace(c.ctx, c.peer)
	}
	n, err := readDescriptor(fd, c.in.room())
	switch {
	case err == syscall.EAGAIN:
		c.release()
		return false
	case err != nil:
		r.err = err
	case n == 0:
		r.err = io.EOF
	default:
		c.in.add(n)
	}
	return true
}
