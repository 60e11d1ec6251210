package memnet

import (
	"bytes"
	"net"
	"os"
	"syscall"
)

// An ending is how far one end of a connection has come towards its end.
//
//	CloseWrite    finSent; the peer reads what is buffered, then io.EOF
//	Close         finSent and closed; what the peer writes from now on is lost,
//	              and it is answered with a reset
//	Reset         closed; the peer is reset
//
// A reset is felt by the end that receives it: see [Conn.receiveReset].
type ending struct {
	finSent     bool
	closed      bool
	closeResets bool // SetLinger(0)

	// What a received reset has left for Read and Write to return.
	readError, writeError error
}

// CloseWrite ends the stream in this direction (TCP's FIN) and leaves the other
// one open: the half-close of RFC 9293 section 3.6. A second one does nothing.
// It fails with [net.ErrClosed] after Close, with [syscall.ENOTCONN] after a reset.
func (c *Conn) CloseWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.end.closed:
		return c.failed("close", net.ErrClosed)
	case c.end.writeError != nil:
		return c.failed("close", os.NewSyscallError("shutdown", syscall.ENOTCONN))
	}
	c.end.finSent = true
	c.changed.Broadcast()
	return nil
}

// SetLinger with 0 makes Close reset the connection, see [Conn.Reset]. Any other
// number of seconds is the default again, a Close that ends the stream in order
// and does not wait. It fails with [net.ErrClosed] after Close.
func (c *Conn) SetLinger(seconds int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end.closed {
		return c.failed("set", net.ErrClosed)
	}
	c.end.closeResets = seconds == 0
	return nil
}

// Close closes this end, and wakes whoever waits in it with [net.ErrClosed].
// The peer can still read what was written, then it gets [io.EOF].
//
// But if this end has received bytes that were never read, the peer is reset
// instead: it must learn that they were lost (RFC 2525 section 2.17). So a server
// that answers and closes without reading to the end can destroy its answer.
//
// A second Close does nothing and returns [net.ErrClosed], in a [*net.OpError].
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.close(c.end.closeResets || c.received.Len() > 0)
}

// Reset closes this end with TCP's RST. Both ends lose what they have not read,
// and the peer's Reads and Writes fail with [syscall.ECONNRESET]. (After CloseWrite
// the peer's Writes fail with [syscall.EPIPE], and if it has read to [io.EOF] it
// goes on to get that.) On a [*net.TCPConn] it is SetLinger(0), then Close. It
// fails like Close.
func (c *Conn) Reset() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.close(true)
}

func (c *Conn) close(reset bool) error {
	if c.end.closed {
		return c.failed("close", net.ErrClosed)
	}
	c.end.closed = true
	c.received = bytes.Buffer{} // frees the memory: the peer may live on
	c.readDeadline.stop()
	c.writeDeadline.stop()
	if reset {
		c.peer.receiveReset()
	} else {
		c.end.finSent = true
	}
	c.changed.Broadcast()
	return nil
}

// receiveReset is called with the lock held when the peer resets the connection,
// or answers with a reset what is sent to it after it closed.
//
// Bytes that were received and not yet read are thrown away, as RFC 9293 section
// 3.10.7.4 asks and RFC 9112 section 9.6 warns. Linux lets them be read first:
// a program that gets them there only by luck must fail its test here.
// Linux also reports ECONNRESET once, and io.EOF and EPIPE from then on. Here it
// stays, so that a test does not depend on whether Read or Write came first.
func (c *Conn) receiveReset() {
	if !c.peer.end.finSent {
		c.end.readError, c.end.writeError = syscall.ECONNRESET, syscall.ECONNRESET
	} else {
		// The peer had ended its stream in order. Who has read to that end has
		// lost nothing, and goes on to get io.EOF.
		if c.received.Len() > 0 {
			c.end.readError = syscall.ECONNRESET
		}
		c.end.writeError = syscall.EPIPE
	}
	c.received = bytes.Buffer{}
	c.changed.Broadcast()
}
