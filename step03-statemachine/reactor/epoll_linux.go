package reactor

import (
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/future"
)

// An Epoll waits for many descriptors at once, with Linux's epoll(7). Each is registered once,
// for both directions, edge-triggered. It is an executor.Driver.
type Epoll struct {
	fd       int      // of the epoll instance
	file     *os.File // the same, in Go's netpoller: see park_linux.go
	raw      syscall.RawConn
	lookOnce func(fd uintptr) bool // look, in the form that raw wants; made once
	deadline time.Time             // that is set on file; zero: none
	events   [batch]unix.EpollEvent
	found    int // how many of events the last look has found

	eventfd  int         // readable: Unpark was called
	unparked atomic.Bool // Unpark has written to eventfd, and Park has not seen it yet

	mu     sync.Mutex
	slots  slots
	closed bool
}

// batch is how many events one look takes at most. What is left comes with the next one.
const batch = 256

// New returns an Epoll with nothing registered. The caller closes it.
func New() (*Epoll, error) {
	e := new(Epoll)
	var err error
	if e.fd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if e.eventfd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		unix.Close(e.fd)
		return nil, os.NewSyscallError("eventfd", err)
	}
	// Level-triggered: it stays ready until it is read.
	if err = e.add(e.eventfd, unix.EPOLLIN, unparkSlot, 0); err == nil {
		err = e.openFile()
	}
	if err != nil {
		unix.Close(e.eventfd)
		unix.Close(e.fd)
		return nil, err
	}
	return e, nil
}

// Register makes source the Source of fd, a non-blocking descriptor of a socket. It takes over
// fd: from now on source closes it, also when Register fails. The error is [net.ErrClosed] after Close.
func (e *Epoll) Register(source *Source, fd int) error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		unix.Close(fd)
		return net.ErrClosed
	}
	source.epoll, source.fd = e, int32(fd)
	// Until the kernel says otherwise, both directions are worth trying. A client that has
	// just connected has often sent its request already.
	source.sides[Read].ready, source.sides[Write].ready = true, true
	e.slots.take(source)
	// Still under the lock: a Close in between would free the number, and this would add whoever has it next.
	const edges = unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET
	err := e.add(fd, edges, source.slot, source.generation)
	e.mu.Unlock()
	if err != nil {
		source.Close()
		return err
	}
	return nil
}

func (e *Epoll) add(fd int, events, slot, generation uint32) error {
	event := unix.EpollEvent{Events: events, Fd: int32(slot), Pad: int32(generation)}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(e.fd, unix.EPOLL_CTL_ADD, fd, &event))
}

func (e *Epoll) deregister(s *Source) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.slots.giveBack(s)
	if !e.closed {
		// It fails if Register has: there is nothing to remove then.
		_ = unix.EpollCtl(e.fd, unix.EPOLL_CTL_DEL, int(s.fd), nil)
	}
}

// deliver hands the events that look has found to their Sources, and appends
// to woken whoever waits for one of them.
func (e *Epoll) deliver(woken []future.Waker) []future.Waker {
	for _, event := range e.events[:e.found] {
		if uint32(event.Fd) == unparkSlot {
			e.acceptUnpark()
			continue
		}
		e.mu.Lock()
		source := e.slots.lookUp(uint32(event.Fd), uint32(event.Pad))
		e.mu.Unlock()
		if source != nil {
			woken = source.deliver(event.Events, woken)
		}
	}
	e.found = 0
	return woken
}

// Close closes what is registered, which wakes whoever waits with [net.ErrClosed], and then
// the Epoll itself. Nobody may be in Park. A second Close does nothing.
func (e *Epoll) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true // nothing new comes in, and Unpark does nothing
	var left []*Source
	for _, slot := range e.slots.all {
		if slot.source != nil {
			left = append(left, slot.source)
		}
	}
	e.mu.Unlock()

	for _, source := range left {
		source.Close() // it may have been closed at the same time: as good
	}
	unix.Close(e.eventfd)
	if err := e.file.Close(); err != nil {
		return fmt.Errorf("reactor: close epoll: %w", err)
	}
	return nil
}
