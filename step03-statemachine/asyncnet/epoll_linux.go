package asyncnet

import (
	"fmt"
	"net"
	"syscall"

	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/reactor"
)

// NewEpoll returns a Network over Linux's epoll, see package reactor. Its Listener wants a
// [*net.TCPListener], its Conn a [*net.TCPConn]; both take the socket out of package net, so
// their deadlines and a Close by others have no effect any more.
//
// A connection costs about 200 bytes, and no goroutine.
func NewEpoll() (Network, error) {
	e, err := reactor.New()
	if err != nil {
		return nil, err
	}
	return epollNetwork{e}, nil
}

func newBest() (Network, error) { return NewEpoll() }

type epollNetwork struct{ *reactor.Epoll }

// Listener implements [Network].
func (n epollNetwork) Listener(netListener net.Listener) (Listener, error) {
	addr, ok := netListener.Addr().(*net.TCPAddr)
	fd, err := takeSocket(netListener, ok)
	if err != nil {
		return nil, err
	}
	l := &epollListener{epoll: n.Epoll, addr: addr, early: true}
	if err := setOptions(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	if err := n.Register(&l.source, fd); err != nil {
		return nil, err
	}
	return l, nil
}

// Conn implements [Network].
func (n epollNetwork) Conn(netConn net.Conn) (Conn, error) {
	addr, ok := netConn.RemoteAddr().(*net.TCPAddr)
	fd, err := takeSocket(netConn, ok)
	if err != nil {
		return nil, err
	}
	return newEpollConn(n.Epoll, fd, addr)
}

// takeSocket returns a descriptor for the socket of a listener or connection of package net,
// and closes that one. The new descriptor is a duplicate of the old one, with the same socket behind it: to
// close the old one doesn't end the connection.
func takeSocket(from interface{ Close() error }, isTCP bool) (fd int, err error) {
	defer from.Close()
	socket, ok := from.(syscall.Conn)
	if !ok || !isTCP {
		return -1, fmt.Errorf("epoll needs a TCP socket of package net, not a %T: use -reactor portable", from)
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return -1, err
	}
	// Package net has made the socket non-blocking; the duplicate is, too.
	controlErr := raw.Control(func(old uintptr) {
		fd, err = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err == nil {
		err = controlErr
	}
	return fd, err
}

// setOptions sets on a listening socket what its connections inherit: so it
// costs no system call for each of them. They are those that package net sets. A connection that stood
// before inherits nothing; see epollListener.early.
func setOptions(fd int) error {
	// Send at once. Nagle's algorithm (RFC 9293 section 3.7.4) would hold back a small
	// write until the peer has acknowledged the one before.
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return err
	}
	// Notice a peer that has vanished without a FIN (RFC 9293 section 3.8.4).
	for _, option := range []struct{ level, name, value int }{
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15},  // s of silence before the first probe
		{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 15}, // s between probes
		{unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 9},    // probes without an answer
	} {
		if err := unix.SetsockoptInt(fd, option.level, option.name, option.value); err != nil {
			return err
		}
	}
	return nil
}
