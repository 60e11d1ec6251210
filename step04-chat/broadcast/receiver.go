package broadcast

import (
	"context"
	"errors"
	"iter"
)

// A Receiver sees every value that was sent since it was made, in the order of the Sends. Make one with
// [New], [Sender.Subscribe] or [Receiver.Resubscribe]; whoever made it closes it.
//
// It is safe for use by several goroutines: then each value goes to one of them. (In
// tokio only its owner can receive.)
type Receiver[T any] struct {
	channel *channel[T]
	next    uint64 // the number of the value that it sees next
	waiting int    // how many Recvs wait
	closed  bool
}

// Recv waits for the next value and returns it. It fails with
//
//   - a [*LaggedError] when values were overwritten before this receiver saw them: once
//     for each gap, with the exact count. Then Recv goes on with the oldest value that is still there;
//   - [ErrClosed] when the channel has ended and everything was received, or when this Receiver is closed;
//   - ctx.Err() when ctx has ended. That comes first, so that a flood of values can't keep
//     a loop alive. Nothing was received then: the next Recv gets it.
func (r *Receiver[T]) Recv(ctx context.Context) (v T, err error) {
	if err := ctx.Err(); err != nil {
		return v, err
	}
	c := r.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		v, err = r.take()
		if err != ErrEmpty {
			return v, err
		}
		// Announced under the lock under which the ring was seen to be empty: a Send that comes
		// now knows that somebody waits.
		sent := c.nextSend()
		r.waiting++
		c.mu.Unlock()
		select {
		case <-sent:
		case <-ctx.Done():
		}
		c.mu.Lock()
		r.waiting--
		if err := ctx.Err(); err != nil {
			return v, err
		}
	}
}

// TryRecv is Recv for those who don't wait: when there is nothing yet it returns [ErrEmpty].
func (r *Receiver[T]) TryRecv() (T, error) {
	c := r.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.take()
}

// take is TryRecv with the lock held.
func (r *Receiver[T]) take() (v T, err error) {
	c := r.channel
	oldest := c.oldest()
	switch {
	case r.closed:
		return v, ErrClosed
	case r.next < oldest:
		missed := oldest - r.next
		r.next = oldest
		return v, &LaggedError{Missed: missed}
	case r.next < c.tail:
		v = c.see(r.next)
		r.next++
		return v, nil
	case c.senders == 0: // only now: what was sent before the end must still arrive
		return v, ErrClosed
	default:
		return v, ErrEmpty
	}
}

// All ranges over the values, waiting for each. The loop ends when ctx or the channel has
// ended, or this Receiver is closed. Leaving it early loses nothing: another one goes on where it was left.
//
// The error is nil, or a [*LaggedError] in place of the values that were missed; the loop goes on after it.
func (r *Receiver[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, err := r.Recv(ctx)
			if _, lagged := errors.AsType[*LaggedError](err); err != nil && !lagged {
				return
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// Len returns how many values were sent that this receiver has not seen. It can be more than the
// capacity: those that it has missed count until the [*LaggedError] says so.
func (r *Receiver[T]) Len() int {
	c := r.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.tail - r.next)
}

// Position returns the number of the value that this receiver sees next, and that of the value that will be
// sent next. Values are numbered from 0 in the order of the Sends; end - next is [Receiver.Len]. It is for who
// wants to show a receiver's place in the ring: number n is in slot n modulo the capacity.
func (r *Receiver[T]) Position() (next, end uint64) {
	c := r.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.next, c.tail
}

// IsEmpty reports whether Len is 0.
func (r *Receiver[T]) IsEmpty() bool { return r.Len() == 0 }

// Resubscribe returns a new Receiver for the same channel, which sees what is sent from now on. What
// this one still has to see, and whether it lags, is not the other's concern. The caller closes it.
func (r *Receiver[T]) Resubscribe() *Receiver[T] {
	c := r.channel
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.subscribe()
}

// SameChannel reports whether both receive from the same senders.
func (r *Receiver[T]) SameChannel(other *Receiver[T]) bool { return r.channel == other.channel }

// Close takes this Receiver out. What it has not seen counts as seen, so that nothing is
// kept for it. A Recv that waits in it returns [ErrClosed]. A second Close does nothing.
func (r *Receiver[T]) Close() {
	c := r.channel
	c.mu.Lock()
	if r.closed {
		c.mu.Unlock()
		return
	}
	r.closed = true
	for n := max(r.next, c.oldest()); n < c.tail; n++ {
		c.see(n)
	}
	r.next = c.tail
	c.receivers--
	var waiting, deserted chan struct{}
	if r.waiting > 0 {
		// This wakes the other receivers' Recvs as well. They find nothing and wait again; it is rare
		// that somebody closes a Receiver while somebody else waits in it.
		waiting = c.takeSent()
	}
	if c.receivers == 0 {
		deserted = c.takeDeserted()
	}
	c.mu.Unlock()
	wake(waiting)
	wake(deserted)
}
