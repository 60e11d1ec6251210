package asyncnet

import (
	"net"
	"os"
	"sync"
	"time"

	"example.com/async/step03-statemachine/future"
)

// NetConn returns c as a net.Conn that blocks, for goroutines: with deadlines, and with CloseWrite. It
// is how a connection that was served by polling is handed to code that knows nothing of it. c belongs to
// the net.Conn from now on, which closes it; nobody else may poll it. The
// network of c must be driven as before: by a runtime that is not shut down.
//
// Don't use it on a worker: Read blocks.
func NetConn(c Conn) net.Conn {
	return &netConn{conn: c, read: newBlocking(), write: newBlocking(), closed: make(chan struct{})}
}

type netConn struct {
	conn        Conn
	read, write *blocking
	closeOnce   sync.Once
	closed      chan struct{}
}

// A blocking is one direction: it polls on the goroutine that calls, and waits for the waker or
// the deadline.
type blocking struct {
	turn     sync.Mutex // held by the goroutine whose operation it is: the Conn knows only one waker
	woken    wakeChan
	cx       *future.Context
	deadline deadline
}

func newBlocking() *blocking {
	b := &blocking{woken: make(wakeChan, 1), deadline: newDeadline()}
	b.cx = future.NewContext(b.woken)
	return b
}

// A wakeChan is a Waker for a goroutine. It has room for one wake, so that none is lost that
// comes before the goroutine waits.
type wakeChan chan struct{}

// Wake implements [future.Waker].
func (w wakeChan) Wake() {
	select {
	case w <- struct{}{}:
	default:
	}
}

// Read implements [net.Conn].
func (c *netConn) Read(p []byte) (int, error) {
	return c.await(c.read, "read", func(cx *future.Context) (int, bool, error) { return c.conn.PollRead(cx, p) })
}

// Write implements [net.Conn]. Writes of several goroutines don't mix.
func (c *netConn) Write(p []byte) (written int, err error) {
	return c.await(c.write, "write", func(cx *future.Context) (int, bool, error) {
		for {
			n, ready, err := c.conn.PollWrite(cx, p[written:])
			written += n
			if !ready || err != nil || written == len(p) {
				return written, ready, err
			}
		}
	})
}

// await polls until the operation is ready, or the deadline is over. It returns what the
// operation has returned last.
func (c *netConn) await(b *blocking, op string, poll func(*future.Context) (n int, ready bool, err error)) (n int, err error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	for {
		past := b.deadline.reached()
		if isClosed(past) {
			return n, c.failed(op, os.ErrDeadlineExceeded)
		}
		var ready bool
		if n, ready, err = poll(b.cx); ready {
			return n, err
		}
		select {
		case <-b.woken:
		case <-past: // moved meanwhile, perhaps: then it is looked at again
		}
	}
}

// CloseWrite sends the FIN, see [Conn].
func (c *netConn) CloseWrite() error { return c.conn.CloseWrite() }

// Close implements [net.Conn].
func (c *netConn) Close() error {
	c.closeOnce.Do(func() { close(c.closed) })
	return c.conn.Close()
}

// LocalAddr implements [net.Conn].
func (c *netConn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr implements [net.Conn].
func (c *netConn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

// SetDeadline implements [net.Conn].
func (c *netConn) SetDeadline(t time.Time) error { return c.setDeadlines(t, c.read, c.write) }

// SetReadDeadline implements [net.Conn].
func (c *netConn) SetReadDeadline(t time.Time) error { return c.setDeadlines(t, c.read) }

// SetWriteDeadline implements [net.Conn].
func (c *netConn) SetWriteDeadline(t time.Time) error { return c.setDeadlines(t, c.write) }

func (c *netConn) setDeadlines(t time.Time, directions ...*blocking) error {
	if isClosed(c.closed) {
		return c.failed("set", net.ErrClosed)
	}
	for _, b := range directions {
		b.deadline.set(t)
	}
	return nil
}

func (c *netConn) failed(op string, err error) error {
	return failed(op, c.LocalAddr(), c.RemoteAddr(), err)
}

// A deadline is a moment that can be moved while somebody waits for it. It mirrors the one of
// [net.Pipe].
type deadline struct {
	mu    sync.Mutex
	timer *time.Timer
	past  chan struct{} // closed when the moment has come
}

func newDeadline() deadline { return deadline{past: make(chan struct{})} }

func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.past // the timer has fired: it will close past, or has
	}
	d.timer = nil
	if isClosed(d.past) {
		d.past = make(chan struct{})
	}
	if t.IsZero() {
		return
	}
	past := d.past
	wait := time.Until(t)
	if wait <= 0 {
		close(past)
		return
	}
	d.timer = time.AfterFunc(wait, func() { close(past) })
}

// reached returns a channel that is closed when the moment comes; of the deadline that is set now.
func (d *deadline) reached() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.past
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
