package broadcast

// A Sender sends to all receivers. It is safe for use by several goroutines; [Sender.Clone] is for
// owners that close independently of each other. Make the first one with [New].
//
// It mirrors tokio::sync::broadcast::Sender.
type Sender[T any] struct {
	channel *channel[T]
	closed  bool
}

// Send gives v to all receivers that there are now, and returns how many. Not all of them will see it:
// one may fall behind, or be closed. Send never blocks: when the ring is full, v takes the place of
// the oldest value, seen or not.
//
// With no receivers it fails with [ErrNoReceivers], after Close with [ErrClosed]; then v is not kept.
//
// Receivers get copies of v that share what it points to: don't change that after the Send.
// (In tokio each receiver gets a clone.)
func (s *Sender[T]) Send(v T) (receivers int, err error) {
	c := s.channel
	c.mu.Lock()
	switch {
	case s.closed:
		c.mu.Unlock()
		return 0, ErrClosed
	case c.receivers == 0:
		c.mu.Unlock()
		return 0, ErrNoReceivers
	}
	*c.at(c.tail) = slot[T]{value: v, unseen: c.receivers}
	c.tail++
	receivers = c.receivers
	waiting := c.takeSent()
	c.mu.Unlock()
	// Not under the lock: all who wake up want it first of all.
	wake(waiting)
	return receivers, nil
}

// Clone returns another Sender for the same channel, with a Close of its own. The clone of a closed
// Sender is closed.
func (s *Sender[T]) Clone() *Sender[T] {
	c := s.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.closed {
		c.senders++
	}
	return &Sender[T]{channel: c, closed: s.closed}
}

// Subscribe returns a new Receiver, which sees what is sent from now on and nothing older. The caller
// closes it. On a channel that has ended its Recv returns [ErrClosed] at once.
func (s *Sender[T]) Subscribe() *Receiver[T] {
	c := s.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.subscribe()
}

// Close takes this Sender out. With the last one the channel ends: each receiver gets what
// is left for it, and then [ErrClosed]; those who wait are woken. A second Close does nothing.
func (s *Sender[T]) Close() {
	c := s.channel
	c.mu.Lock()
	if s.closed {
		c.mu.Unlock()
		return
	}
	s.closed = true
	c.senders--
	var waiting chan struct{}
	if c.senders == 0 {
		waiting = c.takeSent()
	}
	c.mu.Unlock()
	wake(waiting)
}

// Len returns how many values the ring holds that a receiver still has to see. It is never more than the
// capacity.
func (s *Sender[T]) Len() int {
	c := s.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unseen()
}

// Receivers returns how many receivers are not closed.
func (s *Sender[T]) Receivers() int {
	c := s.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.receivers
}

// Senders returns how many senders are not closed: 0 says that the channel has ended.
func (s *Sender[T]) Senders() int {
	c := s.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.senders
}

// SameChannel reports whether both send to the same receivers.
func (s *Sender[T]) SameChannel(other *Sender[T]) bool { return s.channel == other.channel }
