package tcp

import (
	"net"

	"golang.org/x/net/netutil"
)

// limit lets at most n connections of listener be open at the same time; a
// further one waits in the kernel's backlog. n <= 0 means no limit.
//
// [netutil.LimitListener] does the counting, and gives a slot back when the
// connection is closed. But it wraps each connection in a type that has only the
// methods of [net.Conn], so CloseWrite would be lost. Hence the two listeners:
// the inner one remembers the connection as it came, the outer one returns it.
func limit(listener net.Listener, n int) net.Listener {
	if n <= 0 {
		return listener
	}
	inner := &rememberingListener{Listener: listener}
	return &limitListener{Listener: netutil.LimitListener(inner, n), inner: inner}
}

// A rememberingListener knows which connection it accepted last. It is used by
// one accept loop, so there is no second Accept to get in between.
type rememberingListener struct {
	net.Listener
	last net.Conn
}

func (l *rememberingListener) Accept() (conn net.Conn, err error) {
	conn, err = l.Listener.Accept()
	l.last = conn
	return conn, err
}

type limitListener struct {
	net.Listener
	inner *rememberingListener
}

func (l *limitListener) Accept() (net.Conn, error) {
	slot, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slotConn{Conn: l.inner.last, slot: slot}, nil
}

// A slotConn is a connection that holds a slot.
type slotConn struct {
	net.Conn
	slot net.Conn
}

// Close closes the connection and gives its slot back, once.
func (c *slotConn) Close() error { return c.slot.Close() }
