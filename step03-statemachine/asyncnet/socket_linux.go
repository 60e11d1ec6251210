package asyncnet

import (
	"bytes"
	"io"
	"net"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/reactor"
)

// An epollListener is a Listener over a listening socket.
type epollListener struct {
	source reactor.Source
	epoll  *reactor.Epoll
	addr   *net.TCPAddr

	// early says that clients may wait who came before the listener was taken over. Their
	// connections have not inherited its options.
	early bool
}

// PollAccept implements [Listener]. After a shortage of descriptors the listener is still ready: the
// client who was not accepted is still there, and no other event will tell of it.
func (l *epollListener) PollAccept(cx *future.Context) (conn Conn, ready bool, err error) {
	for {
		if !cx.Spend() {
			return
		}
		attempt, ready, err := l.source.Begin(cx, reactor.Read)
		if err != nil {
			return nil, true, failed("accept", l.addr, nil, err)
		}
		if !ready {
			cx.Refund()
			return nil, false, nil
		}
		fd, remote, err := unix.Accept4(attempt.FD, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch err {
		case nil:
			l.source.End(attempt, reactor.MayGoOn)
			if l.early {
				_ = setOptions(fd) // without them it works, too
			}
			conn, err := newEpollConn(l.epoll, fd, tcpAddr(remote))
			return conn, true, err
		case unix.EAGAIN:
			l.source.End(attempt, reactor.WouldBlock)
			cx.Refund()
			l.early = false
		case unix.EINTR, unix.ECONNABORTED: // this client is gone; the next one may be there
			l.source.End(attempt, reactor.MayGoOn)
		default:
			l.source.End(attempt, reactor.MayGoOn)
			return nil, true, failed("accept", l.addr, nil, os.NewSyscallError("accept4", err))
		}
	}
}

// Addr implements [Listener].
func (l *epollListener) Addr() net.Addr { return l.addr }

// Close implements [Listener].
func (l *epollListener) Close() error {
	if err := l.source.Close(); err != nil {
		return failed("close", l.addr, nil, err)
	}
	return nil
}

// An epollConn is a Conn over a connected socket. This is all that it costs besides its slot
// in the reactor and the kernel's memory.
type epollConn struct {
	source reactor.Source
	remote *net.TCPAddr // kept, because the kernel forgets it after a reset
}

func newEpollConn(epoll *reactor.Epoll, fd int, remote *net.TCPAddr) (Conn, error) {
	c := &epollConn{remote: remote}
	if err := epoll.Register(&c.source, fd); err != nil {
		return nil, err // not c: a nil *epollConn would be no nil Conn
	}
	return c, nil
}

// PollRead implements [Conn].
func (c *epollConn) PollRead(cx *future.Context, p []byte) (n int, ready bool, err error) {
	n, ready, err = c.poll(cx, reactor.Read, unix.SYS_READ, p)
	if ready && err == nil && n == 0 && len(p) > 0 {
		err = io.EOF
	}
	return n, ready, err
}

// PollWrite implements [Conn].
func (c *epollConn) PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error) {
	return c.poll(cx, reactor.Write, unix.SYS_WRITE, p)
}

// maxCall is how many bytes one system call moves at most: see call.
const maxCall = 64 << 10

// poll reads or writes, which are alike in everything but the end of the stream.
func (c *epollConn) poll(cx *future.Context, direction reactor.Direction, trap uintptr, p []byte) (n int, ready bool, err error) {
	if !cx.Spend() {
		return
	}
	p = p[:min(len(p), maxCall)]
	for {
		attempt, ready, err := c.source.Begin(cx, direction)
		if err != nil {
			return 0, true, c.failed(direction.String(), err)
		}
		if !ready {
			cx.Refund()
			return 0, false, nil
		}
		if len(p) == 0 {
			c.source.End(attempt, reactor.MayGoOn)
			return 0, true, nil
		}
		n, errno := call(trap, attempt.FD, p)
		switch {
		case errno == unix.EAGAIN:
			c.source.End(attempt, reactor.WouldBlock)
		case errno == unix.EINTR:
			c.source.End(attempt, reactor.MayGoOn)
		case errno != 0:
			c.source.End(attempt, reactor.MayGoOn)
			return 0, true, c.failed(direction.String(), os.NewSyscallError(direction.String(), errno))
		default:
			outcome := reactor.MayGoOn
			if 0 < n && n < len(p) {
				outcome = reactor.CameShort
			}
			c.source.End(attempt, outcome)
			return n, true, nil
		}
	}
}

// call is read(2) or write(2) on a descriptor that does not block.
//
// syscall.Read would tell Go's scheduler before and after, so that it can give the P to another
// thread if the call blocks. This one can't: it copies at most maxCall bytes, some 10 µs, in which
// the garbage collector may have to wait for it, as for any function that makes no calls. What that saves,
// BenchmarkCall tells: a quarter of a read that finds nothing.
func call(trap uintptr, fd int, p []byte) (n int, errno unix.Errno) {
	r, _, errno := unix.RawSyscall(trap, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	return int(r), errno
}

// CloseWrite implements [Conn].
func (c *epollConn) CloseWrite() error {
	err := c.source.Use(func(fd int) error {
		return os.NewSyscallError("shutdown", unix.Shutdown(fd, unix.SHUT_WR))
	})
	if err != nil {
		return c.failed("close", err)
	}
	return nil
}

// Close implements [Conn].
func (c *epollConn) Close() error {
	if err := c.source.Close(); err != nil {
		return c.failed("close", err)
	}
	return nil
}

// LocalAddr implements [Conn]. It asks the kernel each time; after Close it is an empty address.
func (c *epollConn) LocalAddr() net.Addr {
	local := new(net.TCPAddr)
	_ = c.source.Use(func(fd int) error {
		name, err := unix.Getsockname(fd)
		local = tcpAddr(name)
		return err
	})
	return local
}

// RemoteAddr implements [Conn].
func (c *epollConn) RemoteAddr() net.Addr { return c.remote }

func (c *epollConn) failed(op string, err error) error {
	return failed(op, c.LocalAddr(), c.RemoteAddr(), err)
}

// tcpAddr returns a socket's address; an empty one if it has none. It copies the few bytes of the IP
// address: a part of name would keep all of it.
func tcpAddr(name unix.Sockaddr) *net.TCPAddr {
	switch name := name.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: bytes.Clone(name.Addr[:]), Port: name.Port}
	case *unix.SockaddrInet6:
		return &net.TCPAddr{IP: bytes.Clone(name.Addr[:]), Port: name.Port, Zone: zone(name.ZoneId)}
	}
	return new(net.TCPAddr)
}

// zone returns the name of a network interface; none for 0.
func zone(index uint32) string {
	if index == 0 {
		return ""
	}
	if ifi, err := net.InterfaceByIndex(int(index)); err == nil {
		return ifi.Name
	}
	return ""
}
