package future

import "sync"

// A Set polls any number of Futures as one task, and hands out their values in the order in
// which they become ready (futures::stream::FuturesUnordered). It polls only members that
// were woken: among 1,000 connections, the one that has something to do.
//
// The zero Set is empty and ready to use. Its methods must not be called by several goroutines at
// the same time. The members' wakers may be called from anywhere, as always.
type Set[T any] struct {
	members []*member[T] // in no order: the last one fills a gap

	mu    sync.Mutex // guards what follows, and each member's fields of that kind
	first *member[T] // the queue of members to poll, in the order of their wakes
	last  *member[T]
	owner Waker // of the most recent PollNext; nil before
}

// A member is the waker that its own Future is polled with. That is how the Set learns who
// was woken.
type member[T any] struct {
	set   *Set[T]
	f     Future[T] // nil when it is ready or cancelled
	index int       // in set.members

	next   *member[T] // in the queue
	queued bool
	gone   bool // has left the Set: wakes that come late mean nothing
}

// Add makes f a member. It is first polled by the next PollNext; if there is a task that
// waits for the Set, it is woken. A Future that is being polled by the Set may add others.
func (s *Set[T]) Add(f Future[T]) {
	m := &member[T]{set: s, f: f, index: len(s.members)}
	s.members = append(s.members, m)
	m.Wake()
}

// Len returns the number of members: added, and not handed out yet.
func (s *Set[T]) Len() int { return len(s.members) }

// PollNext returns the value of a member that has become ready, and removes it. If some is
// false and ready is true, the Set is empty: there is nothing to wait for until somebody
// calls Add.
//
// Each member is polled at most once in a call. Members that wake themselves while they
// are polled would otherwise keep the worker for good.
func (s *Set[T]) PollNext(cx *Context) (value T, some, ready bool) {
	if len(s.members) == 0 {
		return value, false, true
	}
	owner := cx.Waker()
	s.setOwner(owner) // before the queue is looked at: a wake after the look must find it
	for range len(s.members) {
		m := s.pop()
		if m == nil {
			return
		}
		cx.SetWaker(m)
		value, ready = m.f.Poll(cx)
		cx.SetWaker(owner)
		if ready {
			s.remove(m)
			return value, true, true
		}
		if cx.budget == 0 {
			break // the others could do nothing now
		}
	}
	// Whoever is in the queue now will be polled next time, before those woken later.
	if s.waiting() {
		owner.Wake()
	}
	return
}

// Cancel cancels all members and empties the Set.
func (s *Set[T]) Cancel() {
	for len(s.members) > 0 {
		m := s.members[len(s.members)-1]
		f := m.f
		s.remove(m)
		Cancel(f)
	}
}

// Wake puts the member into the queue, unless it is there already, and wakes the Set's owner.
func (m *member[T]) Wake() {
	s := m.set
	s.mu.Lock()
	if m.gone || m.queued {
		s.mu.Unlock()
		return
	}
	m.queued = true
	if s.last == nil {
		s.first = m
	} else {
		s.last.next = m
	}
	s.last = m
	owner := s.owner
	s.mu.Unlock()

	if owner != nil {
		owner.Wake()
	}
}

// pop takes the first member from the queue; nil if there is none. From now on, and so
// already while it is polled, a wake of the member puts it into the queue again. If
// queued were cleared after the poll, a wake during it would be lost.
func (s *Set[T]) pop() *member[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.first != nil {
		m := s.first
		if s.first = m.next; s.first == nil {
			s.last = nil
		}
		m.next, m.queued = nil, false
		if !m.gone {
			return m
		}
	}
	return nil
}

// remove takes a member out of the Set. If it is in the queue, pop will drop it.
func (s *Set[T]) remove(m *member[T]) {
	m.f = nil
	last := len(s.members) - 1
	moved := s.members[last]
	s.members[m.index], moved.index = moved, m.index
	s.members[last] = nil
	s.members = s.members[:last]

	s.mu.Lock()
	m.gone = true
	s.mu.Unlock()
}

func (s *Set[T]) setOwner(owner Waker) {
	s.mu.Lock()
	s.owner = owner
	s.mu.Unlock()
}

func (s *Set[T]) waiting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first != nil
}
