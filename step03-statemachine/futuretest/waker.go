package futuretest

import (
	"sync/atomic"

	"example.com/async/step03-statemachine/future"
)

// A Waker counts how often it is woken. The zero Waker is ready to use; its methods may be
// called from any goroutine.
type Waker struct {
	wakes, seen atomic.Int64
}

// Wake counts.
func (w *Waker) Wake() { w.wakes.Add(1) }

// Wakes returns how often Wake was called.
func (w *Waker) Wakes() int { return int(w.wakes.Load()) }

// Woken reports whether Wake was called since the last call of Woken. Several wakes are
// one, as they are for an executor.
func (w *Waker) Woken() bool {
	wakes := w.wakes.Load()
	return w.seen.Swap(wakes) != wakes
}

// Poll polls f once, with no limit on what it may do.
func Poll[T any](f future.Future[T], w future.Waker) (value T, ready bool) {
	return f.Poll(future.NewContext(w))
}
