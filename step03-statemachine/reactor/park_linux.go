package reactor

import (
	"math"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/future"
)

// Park waits for events, for Unpark, or until limit is over; then it returns. 0: it only looks;
// negative: without limit. It appends to woken the wakers of all who wait for what
// has come, and leaves it to the caller to call them. It may return early, and with nobody.
// One goroutine parks at a time.
//
// How to sleep: a thread that blocks in epoll_wait(2) keeps its P, Go's licence to run Go code, until
// the scheduler's watchdog takes that away; and whoever is to run meanwhile waits for that. So
// Park lets Go wait: the epoll descriptor is itself registered with Go's netpoller (an
// epoll is readable when it has events), and parking is like waiting to read from a file. The
// goroutine sleeps and its thread is free. BenchmarkPark compares three ways, by a round trip: one
// goroutine calls Unpark and waits for an answer of the other, which parks. In µs, with
// GOMAXPROCS=1 and 2, on a machine with 2 cores that others used as well:
//
//	                                               elapsed      processor time
//	epoll_wait(2), blocking                        93   47      20    12
//	look, runtime.Gosched, look again, then block  9.9  3.5     2.4   2.8
//	in Go's netpoller                              2.1  2.7     2.1   2.8
func (e *Epoll) Park(limit time.Duration, woken []future.Waker) []future.Waker {
	if !e.look() && limit != 0 {
		e.sleep(limit)
	}
	return e.deliver(woken)
}

// openFile gives the epoll descriptor to Go's netpoller. file closes it from now on.
func (e *Epoll) openFile() error {
	// os.NewFile registers what is non-blocking.
	if err := unix.SetNonblock(e.fd, true); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	file := os.NewFile(uintptr(e.fd), "epoll")
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	e.file, e.raw = file, raw
	e.lookOnce = func(uintptr) bool { return e.look() }
	return nil
}

// look takes what events there are, without waiting, and reports whether there are any.
func (e *Epoll) look() bool {
	for {
		// A raw system call doesn't tell Go's scheduler, which would cost as much as
		// this one does: with a timeout of 0 it never waits.
		n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(e.fd),
			uintptr(unsafe.Pointer(&e.events)), batch, 0, 0, 0)
		switch errno {
		case 0:
			e.found = int(n)
			return n > 0
		case unix.EINTR: // a signal came: Go sends them to itself, to preempt goroutines
		default:
			panic(os.NewSyscallError("epoll_pwait", errno)) // not without a bug in here
		}
	}
}

// sleep waits until look finds something, or limit is over.
func (e *Epoll) sleep(limit time.Duration) {
	e.setDeadline(limit)
	// Read looks, and waits until the descriptor is readable, and looks again. Its
	// error is that the deadline is over, or that the Epoll is closed.
	_ = e.raw.Read(e.lookOnce)
}

// setDeadline lets sleep end when limit is over, or earlier. A deadline that is early enough
// stays: timers mostly move further away, and to set one costs more than to wake once for
// nothing.
func (e *Epoll) setDeadline(limit time.Duration) {
	if limit < 0 {
		if !e.deadline.IsZero() {
			e.deadline = time.Time{}
			_ = e.file.SetReadDeadline(e.deadline)
		}
		return
	}
	now := time.Now()
	deadline := now.Add(limit)
	if e.deadline.IsZero() || deadline.Before(e.deadline) || !now.Before(e.deadline) {
		e.deadline = deadline
		_ = e.file.SetReadDeadline(deadline)
	}
}

// unparkSlot is the slot of eventfd, which no Source can have.
const unparkSlot = math.MaxUint32

// Unpark makes Park return: the one that waits, or else the next one. It may be called from
// any goroutine; several calls before Park has seen the first one are one. It never blocks.
func (e *Epoll) Unpark() {
	if e.unparked.Swap(true) {
		return
	}
	// Under the lock, or Close could come in between, and the number belong to somebody else.
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		one := [8]byte{1} // eventfd(2) adds this number, in the machine's byte order
		_, _ = unix.Write(e.eventfd, one[:])
	}
}

// acceptUnpark makes eventfd wait for the next Unpark. First it is emptied, then the flag
// falls. The other way round, an Unpark could come in between: it raises the flag and
// writes, its bytes are read here together with the first ones, and the flag stays up
// with nothing to read. No Unpark would ever write again. This way round, an Unpark that comes in
// between writes nothing, and need not: Park is about to return.
func (e *Epoll) acceptUnpark() {
	var counter [8]byte
	_, _ = unix.Read(e.eventfd, counter[:])
	e.unparked.Store(false)
}
