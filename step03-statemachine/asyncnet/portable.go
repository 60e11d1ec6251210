package asyncnet

import (
	"io"
	"net"
	"sync"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// NewPortable returns a Network over any net.Listener and net.Conn, on every system; in a
// bubble of testing/synctest time is virtual. It is the reactor that readers on macOS and Windows run,
// and what tests in memory use.
//
// There is no readiness here: package net has no call that says "not yet". So a goroutine makes the
// call that blocks, and wakes the task when it returns: one for each Read, Write and
// Accept that somebody waits for. An idle connection costs a goroutine and a buffer, as in step 1;
// what runs on top is the same as with epoll.
func NewPortable() Network {
	return &portable{Driver: executor.NewParker(), open: make(map[io.Closer]struct{})}
}

// A portable is a Network whose driver does no I/O: the goroutines call the wakers themselves.
type portable struct {
	executor.Driver
	working sync.WaitGroup // the goroutines that block

	mu     sync.Mutex
	open   map[io.Closer]struct{}
	closed bool
}

// Listener implements [Network].
func (n *portable) Listener(netListener net.Listener) (Listener, error) {
	l := &portableListener{network: n, listener: netListener}
	if err := n.add(l); err != nil {
		netListener.Close()
		return nil, err
	}
	return l, nil
}

// Conn implements [Network].
func (n *portable) Conn(netConn net.Conn) (Conn, error) {
	c := &portableConn{network: n, conn: netConn}
	if err := n.add(c); err != nil {
		netConn.Close()
		return nil, err
	}
	return c, nil
}

func (n *portable) add(c io.Closer) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return net.ErrClosed
	}
	n.open[c] = struct{}{}
	return nil
}

func (n *portable) remove(c io.Closer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.open, c)
}

// Close closes what is open, and returns when all goroutines have ended: at most linger later,
// which a client gets that does not read what is still to be sent.
func (n *portable) Close() error {
	n.mu.Lock()
	n.closed = true
	var open []io.Closer
	for c := range n.open {
		open = append(open, c)
	}
	n.mu.Unlock()
	for _, c := range open {
		c.Close() // it may have been closed at the same time: as good
	}
	n.working.Wait()
	return n.Driver.Close()
}

// A portableListener is a Listener that accepts one connection ahead.
type portableListener struct {
	network  *portable
	listener net.Listener

	mu        sync.Mutex
	waker     future.Waker
	accepting bool     // a goroutine is in Accept
	accepted  net.Conn // what it brought: this,
	err       error    // or this
	closed    bool
}

// PollAccept implements [Listener]. Who is accepted while nobody polls any more, waits here.
func (l *portableListener) PollAccept(cx *future.Context) (conn Conn, ready bool, err error) {
	if !cx.Spend() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return nil, true, failed("accept", l.Addr(), nil, net.ErrClosed)
	case l.err != nil:
		err, l.err = l.err, nil // the next poll tries again
		return nil, true, err
	case l.accepted != nil:
		conn, err = l.network.Conn(l.accepted)
		l.accepted = nil
		return conn, true, err
	}
	cx.Refund()
	l.waker = cx.Waker()
	if !l.accepting {
		l.accepting = true
		l.network.working.Go(l.accept)
	}
	return
}

// accept runs on a goroutine of its own. It ends when a client comes, or with Close.
func (l *portableListener) accept() {
	conn, err := l.listener.Accept()
	l.mu.Lock()
	if l.closed && err == nil {
		conn.Close()
	}
	if !l.closed {
		l.accepted, l.err = conn, err
	}
	l.accepting = false
	waker := l.waker
	l.waker = nil
	l.mu.Unlock()
	wake(waker)
}

// Addr implements [Listener].
func (l *portableListener) Addr() net.Addr { return l.listener.Addr() }

// Close implements [Listener].
func (l *portableListener) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return failed("close", l.Addr(), nil, net.ErrClosed)
	}
	l.closed = true
	if l.accepted != nil {
		l.accepted.Close()
		l.accepted = nil
	}
	waker := l.waker
	l.waker = nil
	l.mu.Unlock()

	l.network.remove(l)
	err := l.listener.Close() // ends accept, too
	wake(waker)
	return err
}

func wake(waker future.Waker) {
	if waker != nil {
		waker.Wake()
	}
}

// failed wraps an error as package net does.
func failed(op string, local, remote net.Addr, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: local, Addr: remote, Err: err}
}
