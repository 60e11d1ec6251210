package reactor

import "example.com/async/step03-statemachine/future"

// A Direction is one of the two halves of a connection. To accept is to read.
type Direction uint8

const (
	Read Direction = iota
	Write
)

func (d Direction) String() string {
	return [...]string{"read", "write"}[d]
}

// A side is what is known of one direction of a descriptor. The kernel, asked to be
// edge-triggered, tells each change once; so what it said must be remembered.
//
//	what happens                      ready   final   tick   waker
//	-------------------------------------------------------------------------------
//	an event names the direction      true            +1     taken, then called
//	the event says hang-up or error   true    true    +1     taken, then called
//	begin: ready or final                                    (the caller tries)
//	begin: neither                                           stored; the last one wins
//	the call would have blocked       false   false   same?
//	the call was short                false           same?
//
// "same?": only if the tick is still what it was when the call began. An event that came
// in between is newer than the call, and to forget it would be for good: no edge follows.
type side struct {
	waker future.Waker // who waits; nil: nobody
	tick  uint32       // counts the events
	ready bool         // worth trying, as far as anybody knows
	// final says that the end of the stream, or an error, is behind the bytes that are still
	// there. It outlasts a short read. A FIN that comes together with the last bytes is
	// one event: whoever reads those bytes, and then waits, would wait for ever.
	final bool
}

func (s *side) worthTrying() bool { return s.ready || s.final }

// event notes what the kernel has said, and returns whom to wake, if anybody waits.
func (s *side) event(final bool) future.Waker {
	s.tick++
	s.ready = true
	s.final = s.final || final
	return s.takeWaker()
}

func (s *side) takeWaker() future.Waker {
	waker := s.waker
	s.waker = nil
	return waker
}

// An Outcome is what a system call told about its descriptor.
type Outcome uint8

const (
	// MayGoOn says that the next call may succeed as well: this one did all that it was asked
	// for, or failed for another reason than that it would block.
	MayGoOn Outcome = iota
	// CameShort says that a stream gave, or took, fewer bytes than it was asked to.
	// Then it is empty, or full (epoll(7), question 9), and a call less is needed to know.
	CameShort
	// WouldBlock says that the call returned EAGAIN.
	WouldBlock
)

// outcome notes how a call ended that began when the tick was began.
func (s *side) outcome(o Outcome, began uint32) {
	if s.tick != began {
		return
	}
	switch o {
	case CameShort:
		s.ready = false
	case WouldBlock:
		// The kernel's word counts more than a hang-up that was noted before: to try
		// again at once would spin.
		s.ready, s.final = false, false
	}
}
