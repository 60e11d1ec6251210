package asyncnet

import (
	"fmt"
	"net"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A Network makes Listeners and Conns of sockets that package net has opened. It is the driver
// of the runtime that polls them: while that runtime doesn't run, nobody is woken.
//
// Listener and Conn take over what they are given, and close it also when they fail. They
// may be called from any goroutine. Close closes all that is still open, as in [Conn]'s
// Close; a runtime closes its driver when it shuts down.
type Network interface {
	executor.Driver
	Listener(listener net.Listener) (Listener, error)
	Conn(conn net.Conn) (Conn, error)
}

// A Listener accepts connections.
//
// PollAccept returns the next connection, which the caller closes. If it is not ready,
// the waker of cx is called when polling again is worth while; only that of the latest
// PollAccept. err is not nil only if ready is true. It may pass: tcp.IsTransient tells. After
// Close it is [net.ErrClosed].
//
// Close wakes whoever waits. A second Close does nothing but return [net.ErrClosed].
type Listener interface {
	PollAccept(cx *future.Context) (conn Conn, ready bool, err error)
	Addr() net.Addr
	Close() error
}

// A Conn is a stream of bytes in each direction, as a [*net.TCPConn] is. One task may
// read while another one writes; close it from anywhere.
//
// PollRead and PollWrite return what they could do at once: n bytes, at least 1 unless p is
// empty. If they are not ready, nothing was read or written, and the waker of cx is called
// when polling again is worth while; of several calls in one direction, that of the latest. err
// is not nil only if ready is true: [io.EOF] at the end of the stream, [net.ErrClosed]
// after Close, otherwise an error of the system in the wrapping of package net, such as
// [syscall.ECONNRESET]. A write that came short is no error: the caller goes on with the rest.
// Each call takes one operation from the task's budget, and one that is not ready none.
//
// CloseWrite sends the FIN: the half-close of RFC 9293 section 3.6. Close closes both
// directions, and wakes whoever waits. What was written before is still sent. A second
// Close does nothing but return [net.ErrClosed].
//
// LocalAddr and RemoteAddr are never nil, also after Close.
type Conn interface {
	PollRead(cx *future.Context, p []byte) (n int, ready bool, err error)
	PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error)
	CloseWrite() error
	Close() error
	LocalAddr() net.Addr
	RemoteAddr() net.Addr
}

// New returns the network of that name, which the flag -reactor gives: "epoll" (see
// [NewEpoll]), "portable" (see [NewPortable]), or "" for the best one that this system has.
func New(name string) (Network, error) {
	switch name {
	case "":
		return newBest()
	case "epoll":
		return NewEpoll()
	case "portable":
		return NewPortable(), nil
	default:
		return nil, fmt.Errorf("there is no reactor %q: choose epoll or portable", name)
	}
}
