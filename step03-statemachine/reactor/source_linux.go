package reactor

import (
	"net"
	"sync"

	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/future"
)

// A Source is a non-blocking descriptor that is registered with an [Epoll]. The zero
// value becomes one by [Epoll.Register]; it must not be copied after that.
//
// All methods are safe for use by several goroutines; but each direction has one waker, so
// one task may wait to read and one to write.
type Source struct {
	epoll      *Epoll
	fd         int32
	slot       uint32 // where in the table of epoll it stands
	generation uint32 // which of the slot's Sources it is, see slots_linux.go

	mu    sync.Mutex
	sides [2]side // by Direction
	// users counts the system calls that are under way. The last user of a closed Source
	// closes the descriptor. Closed earlier, its number could belong to another connection
	// before the call is made, and the call would read that one's bytes. (In the
	// standard library: internal/poll's fdMutex.)
	users  int32
	closed bool
}

// An Attempt is a system call that [Source.Begin] has allowed. Each one ends with [Source.End].
type Attempt struct {
	// FD is the descriptor. It stays open, and the same, until End.
	FD        int
	direction Direction
	tick      uint32
}

// Begin reports whether a system call in the direction is worth trying. If so, the caller makes
// it at once, and calls End. If not, cx's waker will be called when that changes: the caller
// returns pending. The error is [net.ErrClosed] after Close.
//
// To look and to store the waker is one step, under the lock that events take, too. Were it
// two, an event could come in between, find nobody to wake, and not come again.
func (s *Source) Begin(cx *future.Context, direction Direction) (attempt Attempt, ready bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Attempt{}, true, net.ErrClosed
	}
	side := &s.sides[direction]
	if !side.worthTrying() {
		side.waker = cx.Waker()
		return Attempt{}, false, nil
	}
	s.users++
	return Attempt{FD: int(s.fd), direction: direction, tick: side.tick}, true, nil
}

// End tells how the system call went. After WouldBlock the caller begins again: either
// an event has come in between, or Begin stores the waker.
func (s *Source) End(attempt Attempt, outcome Outcome) {
	s.mu.Lock()
	s.sides[attempt.direction].outcome(outcome, attempt.tick)
	last := s.leave()
	s.mu.Unlock()
	if last {
		unix.Close(attempt.FD)
	}
}

// Use calls f with the descriptor, for calls that neither block nor depend on readiness,
// such as getsockname. It returns [net.ErrClosed] after Close, and f's error otherwise.
func (s *Source) Use(f func(fd int) error) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return net.ErrClosed
	}
	s.users++
	s.mu.Unlock()
	defer s.release()
	return f(int(s.fd))
}

// Close ends the registration and closes the descriptor, as soon as no system call uses it.
// Whoever waits is woken, and gets [net.ErrClosed]; so does a second Close, which does nothing.
func (s *Source) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return net.ErrClosed
	}
	s.closed = true
	s.users++ // or End, in another goroutine, would close before the registration is gone
	reader, writer := s.sides[Read].takeWaker(), s.sides[Write].takeWaker()
	s.mu.Unlock()

	// The order counts. The registration must be gone before the number is free: removed
	// later, it would be that of the number's next owner.
	s.epoll.deregister(s)
	s.release()

	wake(reader)
	wake(writer)
	return nil
}

func (s *Source) release() {
	s.mu.Lock()
	last := s.leave()
	s.mu.Unlock()
	if last {
		unix.Close(int(s.fd))
	}
}

// leave counts one user less, and reports whether that was the last one of a closed Source.
// The caller holds the lock, and closes the descriptor without it.
func (s *Source) leave() bool {
	s.users--
	return s.closed && s.users == 0
}

// deliver notes an event, and appends to woken who waits for it. The wakers are called later,
// by the executor: one that polls something which locks s would wait for itself here.
func (s *Source) deliver(events uint32, woken []future.Waker) []future.Waker {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A reset sets all of these bits, a FIN from the peer only RDHUP. Neither direction may sleep
	// through an error: a writer that waits for room would wait for ever.
	broken := events&(unix.EPOLLHUP|unix.EPOLLERR) != 0
	if events&(unix.EPOLLIN|unix.EPOLLRDHUP) != 0 || broken {
		if waker := s.sides[Read].event(broken || events&unix.EPOLLRDHUP != 0); waker != nil {
			woken = append(woken, waker)
		}
	}
	if events&unix.EPOLLOUT != 0 || broken {
		if waker := s.sides[Write].event(broken); waker != nil {
			woken = append(woken, waker)
		}
	}
	return woken
}

func wake(waker future.Waker) {
	if waker != nil {
		waker.Wake()
	}
}
