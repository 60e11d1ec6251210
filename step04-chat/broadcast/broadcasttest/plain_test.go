package broadcasttest

import (
	"math"
	"math/bits"
	"sync"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// Without a fault it is no exhibit.
func TestPlain_isRightWithoutFaults(t *testing.T) {
	lesson.RunInBubble(t, Cases(), with(faults{}))
}

// A plain is a broadcast channel as simple as it gets: the values are in a map, and what to forget is
// found by looking at everybody. It is what the museum plants faults into.
type plain struct {
	faults faults
	size   int

	mu        sync.Mutex
	values    map[int]any
	forgotten int // how many of them
	tail      int
	senders   int
	receivers map[*plainReceiver]bool
	count     int // of receivers
	ended     bool
	sent      chan struct{} // closed by the next Send
	taken     chan struct{} // closed when the next value is received
	deserted  chan struct{} // closed by the last receiver's Close
}

// with makes a Subject with these faults.
func with(f faults) Subject {
	return func(capacity int) (Sender, Receiver) {
		if f.takesNoCapacity {
			capacity = max(capacity, 1)
		}
		if capacity < 1 || capacity > math.MaxInt/2 {
			panic("capacity")
		}
		p := &plain{faults: f, senders: 1, values: make(map[int]any), receivers: make(map[*plainReceiver]bool),
			sent: make(chan struct{}), taken: make(chan struct{}), deserted: make(chan struct{})}
		p.size = 1 << bits.Len(uint(capacity-1))
		switch {
		case f.freeSlot:
			p.size--
		case f.unrounded:
			p.size = capacity
		case f.unbounded:
			p.size = math.MaxInt
		}
		return &plainSender{plain: p}, p.subscribe(0)
	}
}

func (p *plain) oldest() int { return max(0, p.tail-p.size) }

// slowest is the position of the slowest receiver.
func (p *plain) slowest() int {
	slowest := p.tail
	for r := range p.receivers {
		slowest = min(slowest, r.next)
	}
	return slowest
}

// forget drops what nobody will see.
func (p *plain) forget() {
	end := p.oldest()
	if !p.faults.keepsSeen {
		end = max(end, p.slowest())
	}
	for ; p.forgotten < end; p.forgotten++ {
		delete(p.values, p.forgotten)
	}
}

// announce wakes all who wait for event, and renews it.
func (p *plain) announce(event *chan struct{}) {
	if event == &p.sent && p.faults.wakesOne {
		select {
		case p.sent <- struct{}{}:
		default:
		}
		return
	}
	if event == &p.sent && p.faults.wakesOnce {
		select {
		case <-p.sent:
		default:
			close(p.sent)
		}
		return
	}
	close(*event)
	*event = make(chan struct{})
}

func (p *plain) subscribe(next int) *plainReceiver {
	r := &plainReceiver{plain: p, next: next}
	p.receivers[r] = true
	p.count++
	return r
}

type plainSender struct {
	*plain
	closed bool
}

func (s *plainSender) Send(v any) (int, error) {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case s.closed && !p.faults.closedSends, p.ended:
		return 0, broadcast.ErrClosed
	case p.count == 0 && p.faults.desertedIsEnd:
		p.ended = true
		return 0, broadcast.ErrNoReceivers
	case p.count == 0 && p.faults.keepsRefused:
		p.values[-1-len(p.values)] = v
		return 0, broadcast.ErrNoReceivers
	case p.count == 0 && !p.faults.sendsToNobody:
		return 0, broadcast.ErrNoReceivers
	}
	for p.faults.blocks && p.slowest() <= p.tail-p.size {
		taken := p.taken
		p.mu.Unlock()
		<-taken
		p.mu.Lock()
	}
	if p.faults.dropsNewest && p.slowest() <= p.tail-p.size {
		return p.count, nil
	}
	p.values[p.tail] = v
	p.tail++
	p.forget()
	p.announce(&p.sent)
	if p.faults.countsOne {
		return 1, nil
	}
	return p.count, nil
}

func (s *plainSender) Subscribe() Receiver {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.replays {
		return p.subscribe(p.oldest())
	}
	return p.subscribe(p.tail)
}

func (s *plainSender) Clone() Sender {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if !s.closed {
		p.senders++
	}
	return &plainSender{plain: p, closed: s.closed}
}

func (s *plainSender) Close() {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.closed && !p.faults.countsEachClose {
		return
	}
	s.closed = true
	p.senders--
	if p.senders == 0 || p.faults.anySenderEnds {
		p.ended = true
		if !p.faults.endWakesNobody {
			p.announce(&p.sent)
		}
	}
}

func (s *plainSender) NoReceivers() <-chan struct{} {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count == 0 {
		return closedChannel()
	}
	return p.deserted
}

func (s *plainSender) Len() int {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.uncappedLen {
		return p.tail - p.slowest()
	}
	return min(p.size, p.tail-p.slowest())
}

func (s *plainSender) Receivers() int {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

func (s *plainSender) Senders() int {
	p := s.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.senders
}

func closedChannel() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
