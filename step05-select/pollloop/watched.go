package pollloop

import (
	"fmt"
	"net"
	"sync"
	"syscall"

	"example.com/async/step01-tcp/tcp"
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
