package broadcast

// Waiting is for a channel that is closed when it happens. Each of them is for one occurrence: it
// is made when somebody begins to wait, and forgotten by whoever closes it. So all who wait are woken by
// one close, nobody else is, and if nobody waits nothing is made.

// Ready returns a channel for a select statement. It is closed when there is something
// for TryRecv to return: a value, a [*LaggedError], or the end. If there is already, it is closed now.
//
//	select {
//	case <-receiver.Ready():
//		v, err := receiver.TryRecv()
//		...
//	case line := <-lines:
//		...
//	}
//
// Ask for it anew before each select. Another goroutine that uses this Receiver can be faster,
// so be prepared for [ErrEmpty]. Whoever doesn't wait for it any more has nothing to tidy up. A
// Close of this Receiver does not close a channel that Ready returned before.
func (r *Receiver[T]) Ready() <-chan struct{} {
	c := r.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.closed || r.next < c.tail || c.senders == 0 {
		return already
	}
	return c.nextSend()
}

// NoReceivers returns a channel that is closed when there are no receivers any more. If there are
// none now, it is closed already: after a Subscribe, ask anew.
//
// It mirrors tokio::sync::broadcast::Sender::closed.
func (s *Sender[T]) NoReceivers() <-chan struct{} {
	c := s.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.receivers == 0 {
		return already
	}
	if c.deserted == nil {
		c.deserted = make(chan struct{})
	}
	return c.deserted
}

// already is for those who need not wait.
var already = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// nextSend returns the channel that the next Send closes, or the end. mu is held.
func (c *channel[T]) nextSend() <-chan struct{} {
	if c.sent == nil {
		c.sent = make(chan struct{})
	}
	return c.sent
}

// takeSent returns what is to be closed now, nil if nobody waits; who comes later waits for
// another. mu is held.
func (c *channel[T]) takeSent() chan struct{} {
	sent := c.sent
	c.sent = nil
	return sent
}

func (c *channel[T]) takeDeserted() chan struct{} {
	deserted := c.deserted
	c.deserted = nil
	return deserted
}

// wake wakes all who wait for the channel.
func wake(waiting chan struct{}) {
	if waiting != nil {
		close(waiting)
	}
}
