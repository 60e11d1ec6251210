//go:build solution

package limit

import (
	"net"
	"sync"

	"example.com/async/step01-tcp/tcp"
)

type Listener struct {
	net.Listener
	slots  chan struct{} // holds a value for each connection that is open
	closed chan struct{}
	once   sync.Once
}

func New(listener net.Listener, n int) *Listener {
	return &Listener{Listener: listener, slots: make(chan struct{}, n), closed: make(chan struct{})}
}

func (l *Listener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	accepted, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &conn{Conn: accepted, giveBack: sync.OnceFunc(func() { <-l.slots })}, nil
}

func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type conn struct {
	net.Conn
	giveBack func()
}

func (c *conn) Close() error {
	defer c.giveBack()
	return c.Conn.Close()
}

func (c *conn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }
