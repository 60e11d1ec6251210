package lesson

import (
	"context"
	"net"

	"example.com/async/internal/lesson/memnet"
)

// A Network is where a case's server listens and its clients dial. There are
// two, [Memory] and [Loopback], and most cases must pass on both.
type Network struct {
	// Name is "memory" or "loopback".
	Name string
	// Listen opens a listener at a free address.
	Listen func() (net.Listener, error)
	// Dial connects to a listener that Listen opened. A nil error means that the
	// connection stands, not that it has been accepted.
	Dial func(ctx context.Context, listener net.Listener) (Conn, error)
}

// A Conn is a client's end of a connection: a *net.TCPConn, or a
// [*memnet.Conn] that behaves like one.
type Conn interface {
	net.Conn
	// CloseWrite sends the FIN and goes on reading: the half-close.
	CloseWrite() error
	// SetLinger(0) makes Close reset the connection.
	SetLinger(seconds int) error
}

// Memory is a network of [memnet] connections: for bubbles. Each listener is a
// [*memnet.Listener].
var Memory = Network{
	Name:   "memory",
	Listen: func() (net.Listener, error) { return memnet.Listen(), nil },
	Dial: func(ctx context.Context, listener net.Listener) (Conn, error) {
		conn, err := listener.(*memnet.Listener).Dial(ctx)
		if err != nil {
			return nil, err // not conn: a nil *memnet.Conn would be no nil Conn
		}
		return conn, nil
	},
}

// Loopback is real TCP on 127.0.0.1: for real time.
var Loopback = Network{
	Name:   "loopback",
	Listen: func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
	Dial: func(ctx context.Context, listener net.Listener) (Conn, error) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", listener.Addr().String())
		if err != nil {
			return nil, err
		}
		return conn.(*net.TCPConn), nil
	},
}
