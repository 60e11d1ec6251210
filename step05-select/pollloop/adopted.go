package pollloop

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

// A watchedConn is a connection that tells when it is closed. To whom it was given back may close it then, and no earlier: a
// network that writes ahead still writes when the client's Future has ended.
type watchedConn struct {
	net.Conn
	once   sync.Once
	closed chan struct{}
}

func watch(conn net.Conn) *watchedConn {
	return &watchedConn{Conn: conn, closed: make(chan struct{})}
}

// Close closes the connection, and then tells it.
func (c *watchedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { close(c.closed) })
	return err
}

// CloseWrite is for a network that finds it, see [tcp.CloseWrite].
func (c *watchedConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }

// SyscallConn is for a network that takes the socket out of the connection.
func (c *watchedConn) SyscallConn() (syscall.RawConn, error) {
	socket, ok := c.Conn.(syscall.Conn)
	if !ok {
		return nil, fmt.Errorf("pollloop: a %T has no socket", c.Conn)
	}
	return socket.SyscallConn()
}

// An adopted is the Future of a client, and lingers. When the client has left, it says that no more will come,
// and reads the rest, for a short while. Who closes a connection while something of the client is unread, or under way, makes the
// kernel send a reset, and that can destroy what the client has not read yet: the goodbye, or its close frame, which is the last
// (RFC 6455 section 7.1.1).
type adopted struct {
	conn *conn

	left  error        // what the conn's Future was ready with
	until *timer.Sleep // nil until then
	rest  int          // how many bytes have come since
}

var (
	_ future.Future[error] = (*adopted)(nil)
	_ future.Canceler      = (*adopted)(nil)
)

// Poll is ready when the client has closed, too, or has had its time for that.
func (a *adopted) Poll(cx *future.Context) (err error, ready bool) {
	if a.until == nil {
		err, ready := a.conn.Poll(cx)
		// Who does not read, or is not there, does not read the end either.
		if !ready || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, errSilent) || a.conn.net.CloseWrite() != nil {
			return err, ready
		}
		a.left, a.until = err, a.conn.rt.Sleep(httpd.LingerTime)
	}
	for a.rest < httpd.LingerBytes && !a.conn.over(cx, a.until) {
		buffer := readBuffers.Get().(*[readSize]byte)
		n, ready, err := a.conn.net.PollRead(cx, buffer[:])
		readBuffers.Put(buffer)
		switch {
		case !ready:
			return nil, false
		case err != nil:
			a.rest = httpd.LingerBytes // nothing more can come
		default:
			a.rest += n
		}
	}
	a.until.Cancel()
	return a.left, true
}

// Cancel gives everything back.
func (a *adopted) Cancel() {
	if a.until != nil {
		a.until.Cancel()
		return
	}
	a.conn.Cancel()
}
