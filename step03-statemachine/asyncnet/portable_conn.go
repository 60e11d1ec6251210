package asyncnet

import (
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/future"
)

// A portableConn is a Conn whose calls of Read and Write are made ahead, by goroutines, into and from
// buffers: what the kernel's buffers are to a socket.
type portableConn struct {
	network *portable
	conn    net.Conn

	mu     sync.Mutex
	read   portableReader
	write  portableWriter
	closed bool
}

// A portableReader is the reading side. A goroutine reads only when somebody has asked, and
// what it brings is handed out before it reads again: a client that sends more waits.
type portableReader struct {
	waker   future.Waker
	reading bool   // a goroutine is in Read
	buffer  []byte // where it reads to
	unread  []byte // what it brought, as a part of buffer,
	err     error  // and what came after that: it stays, as the end of a stream does
}

// A portableWriter is the writing side. PollWrite takes the bytes, and a goroutine writes them; the
// next PollWrite waits for that, and gets its error.
type portableWriter struct {
	waker   future.Waker
	writing bool // a goroutine is in Write
	fin     bool // CloseWrite was called
	err     error
}

const (
	readAhead  = 4 << 10
	writeAhead = 64 << 10
)

// writeBuffers holds *[writeAhead]byte. They are needed only while somebody writes.
var writeBuffers = sync.Pool{New: func() any { return new([writeAhead]byte) }}

// PollRead implements [Conn].
func (c *portableConn) PollRead(cx *future.Context, p []byte) (n int, ready bool, err error) {
	if !cx.Spend() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &c.read
	switch {
	case c.closed:
		return 0, true, c.failed("read", net.ErrClosed)
	case len(p) == 0:
		return 0, true, nil
	case len(r.unread) > 0:
		n = copy(p, r.unread)
		r.unread = r.unread[n:]
		return n, true, nil
	case r.err != nil:
		return 0, true, r.err
	}
	cx.Refund()
	r.waker = cx.Waker()
	if !r.reading {
		r.reading = true
		if r.buffer == nil {
			r.buffer = make([]byte, readAhead)
		}
		c.network.working.Go(c.fill)
	}
	return
}

// fill runs on a goroutine of its own, until something comes, or until Close.
func (c *portableConn) fill() {
	r := &c.read
	n, err := c.conn.Read(r.buffer)
	c.mu.Lock()
	r.reading = false
	r.unread, r.err = r.buffer[:n], err
	waker := r.waker
	r.waker = nil
	c.mu.Unlock()
	wake(waker)
}

// PollWrite implements [Conn].
func (c *portableConn) PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error) {
	if !cx.Spend() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &c.write
	switch {
	case c.closed:
		return 0, true, c.failed("write", net.ErrClosed)
	case w.fin:
		return 0, true, c.failed("write", os.NewSyscallError("write", syscall.EPIPE))
	case w.err != nil:
		return 0, true, w.err
	case len(p) == 0:
		return 0, true, nil
	case w.writing:
		cx.Refund()
		w.waker = cx.Waker()
		return
	}
	// A copy, because p belongs to the caller again when PollWrite has returned.
	buffer := writeBuffers.Get().(*[writeAhead]byte)
	n = copy(buffer[:], p)
	w.writing = true
	c.network.working.Go(func() {
		c.flush(buffer[:n])
		writeBuffers.Put(buffer)
	})
	return n, true, nil
}

// flush runs on a goroutine of its own, until the other side has taken the bytes, or
// for linger after Close.
func (c *portableConn) flush(p []byte) {
	_, err := c.conn.Write(p)
	c.mu.Lock()
	w := &c.write
	w.writing = false
	w.err = err
	closed, fin := c.closed, w.fin
	waker := w.waker
	w.waker = nil
	c.mu.Unlock()
	// What was called meanwhile has waited for these bytes.
	switch {
	case closed:
		c.conn.Close()
	case fin:
		_ = tcp.CloseWrite(c.conn) // nobody is there to be told; the reading side notices
	}
	wake(waker)
}

// CloseWrite implements [Conn]. It fails if the net.Conn has no CloseWrite method.
func (c *portableConn) CloseWrite() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return c.failed("close", net.ErrClosed)
	}
	already, later := c.write.fin, c.write.writing
	c.write.fin = true
	c.mu.Unlock()
	if already || later {
		return nil
	}
	return tcp.CloseWrite(c.conn)
}

// linger is how long bytes that were accepted by PollWrite may still take after Close. The kernel
// gives them minutes; but here they are a goroutine, which somebody waits for.
const linger = time.Second

// Close implements [Conn].
func (c *portableConn) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return c.failed("close", net.ErrClosed)
	}
	c.closed = true
	writing := c.write.writing
	reader, writer := c.read.waker, c.write.waker
	c.read.waker, c.write.waker = nil, nil
	c.mu.Unlock()

	var err error
	if writing {
		_ = c.conn.SetWriteDeadline(time.Now().Add(linger)) // then flush closes it, which ends fill as well
	} else {
		err = c.conn.Close()
	}
	c.network.remove(c)
	wake(reader)
	wake(writer)
	return err
}

// LocalAddr implements [Conn].
func (c *portableConn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr implements [Conn].
func (c *portableConn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

func (c *portableConn) failed(op string, err error) error {
	return failed(op, c.LocalAddr(), c.RemoteAddr(), err)
}
