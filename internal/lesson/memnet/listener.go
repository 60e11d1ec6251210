package memnet

import (
	"context"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// A Listener is a [net.Listener] without a port: only its own Dial reaches it.
// All methods are safe for use by several goroutines.
type Listener struct {
	addr    *net.TCPAddr
	options options

	mu       sync.Mutex
	changed  *sync.Cond  // any of the following
	backlog  []*Conn     // dialled, not yet accepted; at most options.backlog
	failures []error     // what the next Accepts return
	accepts  []time.Time // when Accept was called
	closed   bool
}

var _ net.Listener = (*Listener)(nil)

// Listen returns a listener at an address of its own. The options hold for all
// its connections, at both ends. The caller, or the server that it is given to,
// closes it.
func Listen(opts ...Option) *Listener {
	l := &Listener{addr: newServerAddr(), options: defaults().with(opts)}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// Dial connects, and returns the client's end of the connection, which the
// caller closes. Like the kernel it does not wait for Accept, only for room in
// the backlog; the client may write at once. The options add to the listener's,
// for this connection alone.
//
// When the listener is closed, before or while Dial waits, the error is
// [syscall.ECONNREFUSED]; when ctx ends first, it is ctx.Err(). Both are wrapped
// in a [*net.OpError].
func (l *Listener) Dial(ctx context.Context, opts ...Option) (*Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.awaitRoom(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, l.failed("dial", ctx.Err())
	case l.closed:
		return nil, l.failed("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED))
	}
	client, server := newPair(l.addr, l.options.with(opts))
	l.backlog = append(l.backlog, server)
	l.changed.Broadcast()
	return client, nil
}

// awaitRoom waits until the backlog has room, the listener is closed, or ctx ends.
func (l *Listener) awaitRoom(ctx context.Context) {
	hasRoom := func() bool { return len(l.backlog) < l.options.backlog }
	if hasRoom() || l.closed || ctx.Err() != nil {
		return
	}
	// A Cond knows nothing of ctx, so the end of ctx has to wake it.
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.changed.Broadcast()
	})
	defer stop()
	for !hasRoom() && !l.closed && ctx.Err() == nil {
		l.changed.Wait()
	}
}

// Accept returns the server's end of the connection that has waited longest: a
// [*Conn]. The caller closes it. Accept blocks while there is none.
//
// The errors of [Listener.FailAccept] come first. After Close the error is
// [net.ErrClosed], also for an Accept that waits. All are in a [*net.OpError].
func (l *Listener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accepts = append(l.accepts, time.Now())

	for !l.closed && len(l.failures) == 0 && len(l.backlog) == 0 {
		l.changed.Wait()
	}
	switch {
	case l.closed:
		return nil, l.failed("accept", net.ErrClosed)
	case len(l.failures) > 0:
		err := l.failures[0]
		l.failures = l.failures[1:]
		return nil, l.failed("accept", err)
	}
	conn := l.backlog[0]
	l.backlog = l.backlog[1:]
	l.changed.Broadcast() // a Dial may wait for the room
	return conn, nil
}

// FailAccept makes the following Accepts fail, each with one of the errors, in
// order; one that waits already fails at once. What is in the backlog stays
// there. A [syscall.Errno] is wrapped as package net does it, so that the server
// sees "accept tcp 192.0.2.1:49153: accept: too many open files" for EMFILE.
func (l *Listener) FailAccept(errs ...error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, err := range errs {
		if errno, ok := err.(syscall.Errno); ok {
			err = os.NewSyscallError("accept", errno)
		}
		l.failures = append(l.failures, err)
	}
	l.changed.Broadcast()
}

// Accepts returns when Accept was called, one time for each call, whatever
// became of it. Inside a bubble the times are the bubble's: the differences
// between them are exactly what a server waited.
func (l *Listener) Accepts() []time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]time.Time(nil), l.accepts...)
}

// Close refuses all further connections, and resets those in the backlog:
// their clients see [syscall.ECONNRESET]. Accepted connections go on. A second
// Close does nothing and returns [net.ErrClosed], in a [*net.OpError].
func (l *Listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return l.failed("close", net.ErrClosed)
	}
	l.closed = true
	for _, conn := range l.backlog {
		conn.Reset()
	}
	l.backlog = nil
	l.changed.Broadcast()
	return nil
}

// Addr returns the invented address, a [*net.TCPAddr].
func (l *Listener) Addr() net.Addr { return l.addr }

func (l *Listener) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: l.addr, Err: err}
}
