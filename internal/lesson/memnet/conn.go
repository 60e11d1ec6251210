package memnet

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// A Conn is one end of a connection. It mirrors [*net.TCPConn]: the errors are
// [*net.OpError] with the causes that Linux gives, a bare [io.EOF] excepted.
// All methods are safe for use by several goroutines; concurrent Writes don't
// mix their bytes.
type Conn struct {
	local, remote *net.TCPAddr
	options       options
	peer          *Conn

	// mu and changed are shared by the two ends, since what one does is seen by
	// the other. changed wakes whoever waits, and each looks whether it was meant:
	// they are four at most in practice, a reader and a writer at each end.
	mu      *sync.Mutex
	changed *sync.Cond

	received bytes.Buffer // written by the peer, not yet read; at most options.buffer
	writing  bool         // a Write is under way, others wait for it
	writes   int          // how often Write was called
	end      ending

	readDeadline, writeDeadline deadline
}

var _ net.Conn = (*Conn)(nil)

// Pipe returns the two ends of a connection without a listener. The caller
// closes both. Unlike those of [net.Pipe] they are buffered.
func Pipe(opts ...Option) (client, server *Conn) {
	return newPair(newServerAddr(), defaults().with(opts))
}

func newPair(serverAddr *net.TCPAddr, o options) (client, server *Conn) {
	mu := new(sync.Mutex)
	changed := sync.NewCond(mu)
	clientAddr := newClientAddr()
	client = &Conn{local: clientAddr, remote: serverAddr, options: o, mu: mu, changed: changed}
	server = &Conn{local: serverAddr, remote: clientAddr, options: o, mu: mu, changed: changed}
	client.peer, server.peer = server, client
	return client, server
}

// Read waits for bytes, and returns those that are there. At the end of the
// stream it returns [io.EOF]; after a reset, [syscall.ECONNRESET]; after the
// deadline, [os.ErrDeadlineExceeded], even if there are bytes; after Close,
// [net.ErrClosed]. A Read into an empty p returns at once.
func (c *Conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.end.closed:
			return 0, c.failed("read", net.ErrClosed)
		case len(p) == 0:
			return 0, nil
		case c.readDeadline.expired:
			return 0, c.failed("read", os.ErrDeadlineExceeded)
		case c.received.Len() > 0:
			if segment := c.options.segment; segment > 0 {
				p = p[:min(len(p), segment)]
			}
			n, _ := c.received.Read(p)
			c.changed.Broadcast() // the peer may wait for the room
			return n, nil
		case c.end.readError != nil:
			return 0, c.failed("read", os.NewSyscallError("read", c.end.readError))
		case c.peer.end.finSent:
			return 0, io.EOF
		}
		c.changed.Wait()
	}
}

// Write hands p over to the peer. It blocks while the buffer is full, until all
// of p is in the buffer, which does not mean that the peer has read it.
// If it fails, it returns how many bytes went through. The causes:
//
//   - [os.ErrDeadlineExceeded] after the deadline, even if there is room;
//   - [syscall.ECONNRESET] after a reset;
//   - [syscall.EPIPE] after CloseWrite, and after the peer's Close: there the first
//     Write still succeeds, its bytes are lost, and the next one fails. The
//     kernel does the same: it learns only by sending that nobody is there;
//   - [net.ErrClosed] after Close.
//
// [net.Buffers] makes one Write for each of its slices; on a [*net.TCPConn] it
// makes one system call for many.
func (c *Conn) Write(p []byte) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	for c.writing { // what stops this Write stops the one before it, too
		c.changed.Wait()
	}
	if err := c.cannotWrite(); err != nil {
		return 0, c.failed("write", err)
	}
	c.writing = true
	defer func() {
		c.writing = false
		c.changed.Broadcast()
	}()

	for n < len(p) {
		if err := c.cannotWrite(); err != nil {
			return n, c.failed("write", err)
		}
		if c.peer.end.closed {
			c.receiveReset()
			return len(p), nil
		}
		room := c.options.buffer - c.peer.received.Len()
		if room == 0 {
			c.changed.Wait()
			continue
		}
		chunk := p[n:min(len(p), n+room)]
		c.peer.received.Write(chunk)
		n += len(chunk)
		c.changed.Broadcast() // the peer may wait for bytes
	}
	return n, nil
}

// cannotWrite returns why a Write must fail, or nil if it may wait and go on.
func (c *Conn) cannotWrite() error {
	switch {
	case c.end.closed:
		return net.ErrClosed
	case c.writeDeadline.expired:
		return os.ErrDeadlineExceeded
	case c.end.writeError != nil:
		return os.NewSyscallError("write", c.end.writeError)
	case c.end.finSent:
		return os.NewSyscallError("write", syscall.EPIPE)
	}
	return nil
}

// SetDeadline sets both deadlines, see [Conn.SetReadDeadline].
func (c *Conn) SetDeadline(t time.Time) error {
	return c.setDeadlines(t, &c.readDeadline, &c.writeDeadline)
}

// SetReadDeadline makes Reads fail from t on, those that wait and those to come,
// until another deadline is set. A t in the past takes effect at once; the zero
// time means no deadline. The error is [net.ErrClosed] after Close.
func (c *Conn) SetReadDeadline(t time.Time) error {
	return c.setDeadlines(t, &c.readDeadline)
}

// SetWriteDeadline does for Writes what [Conn.SetReadDeadline] does for Reads.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	return c.setDeadlines(t, &c.writeDeadline)
}

func (c *Conn) setDeadlines(t time.Time, deadlines ...*deadline) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end.closed {
		return c.failed("set", net.ErrClosed)
	}
	for _, d := range deadlines {
		d.set(t, c.changed)
	}
	return nil
}

// LocalAddr returns the invented address of this end, a [*net.TCPAddr].
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr returns the invented address of the other end, a [*net.TCPAddr].
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// Peer returns the other end. A test that has dialled can ask it what the
// server did: client.Peer().Writes(). Reading or writing there would get in the
// way of the server.
func (c *Conn) Peer() *Conn { return c.peer }

// Writes returns how often Write was called on this end, failed calls included.
func (c *Conn) Writes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.writes
}

// Closed reports whether this end was closed by its owner, with Close or Reset.
// That the peer has closed is no reason.
func (c *Conn) Closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end.closed
}

func (c *Conn) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}
