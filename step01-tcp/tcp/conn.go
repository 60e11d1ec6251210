package tcp

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// CloseWrite tells the peer that no more bytes will come (TCP's FIN) and keeps
// the reading side open: the half-close of RFC 9293 section 3.6. It fails if
// conn has no CloseWrite method.
func CloseWrite(conn net.Conn) error {
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		return fmt.Errorf("tcp: a %T cannot be half-closed", conn)
	}
	return half.CloseWrite()
}

// A serverConn is what a handler gets: the accepted connection, with the
// server's time limits, and with a Close that may be called more than once.
type serverConn struct {
	net.Conn
	closeOnce sync.Once
	closeErr  error

	read, write timedSide
}

// newServerConn leaves the slot of a limited connection to start, which gives it
// back when the handler has returned, and not when it closes.
func newServerConn(accepted net.Conn, idle, write time.Duration) *serverConn {
	if slotted, ok := accepted.(*slotConn); ok {
		accepted = slotted.Conn
	}
	return &serverConn{
		Conn:  accepted,
		read:  timedSide{limit: idle},
		write: timedSide{limit: write},
	}
}

func (c *serverConn) Read(p []byte) (int, error) {
	if err := c.read.begin(c.Conn.SetReadDeadline); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *serverConn) Write(p []byte) (int, error) {
	if err := c.write.begin(c.Conn.SetWriteDeadline); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// Close closes the connection. A second Close does nothing and returns what
// the first one returned, so that a handler may call it as often as it likes.
func (c *serverConn) Close() error {
	c.closeOnce.Do(func() { c.closeErr = c.Conn.Close() })
	return c.closeErr
}

// CloseWrite closes the writing side, see [CloseWrite].
func (c *serverConn) CloseWrite() error { return CloseWrite(c.Conn) }

// NetConn returns the connection that the listener accepted. Reading and
// writing it directly is for callers that keep time themselves: the server's
// time limits don't apply. It mirrors crypto/tls's Conn.NetConn.
func (c *serverConn) NetConn() net.Conn { return c.Conn }

func (c *serverConn) SetReadDeadline(t time.Time) error {
	return c.read.set(t, c.Conn.SetReadDeadline)
}

func (c *serverConn) SetWriteDeadline(t time.Time) error {
	return c.write.set(t, c.Conn.SetWriteDeadline)
}

func (c *serverConn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// expire makes every Read and Write fail with a time-out, now and later, whatever
// deadline the handler sets afterwards.
func (c *serverConn) expire() {
	// An error means that the connection is closed already, which is as good.
	_ = c.read.expire(c.Conn.SetReadDeadline)
	_ = c.write.expire(c.Conn.SetWriteDeadline)
}

// A timedSide is the reading or the writing side of a connection, whose every
// operation may take as long as limit, until a deadline is set explicitly.
type timedSide struct {
	limit time.Duration // 0 or less: none

	// The lock makes "is it still ours? then set it" one step. Without it, a
	// deadline in the past, set in between, would be undone, and the handler would
	// wait on, until drain closes its connection.
	mu       sync.Mutex
	explicit bool // the handler has set a deadline itself
	expired  bool // no deadline is set any more
}

// begin is called before each operation. It lets the time limit start anew.
func (s *timedSide) begin(setDeadline func(time.Time) error) error {
	if s.limit <= 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.explicit || s.expired {
		return nil
	}
	return setDeadline(time.Now().Add(s.limit))
}

// set sets a deadline that begin will not move any more.
func (s *timedSide) set(t time.Time, setDeadline func(time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.expired {
		return nil
	}
	s.explicit = true
	return setDeadline(t)
}

// expire sets a deadline in the past, for good.
func (s *timedSide) expire(setDeadline func(time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expired = true
	return setDeadline(time.Unix(1, 0))
}
