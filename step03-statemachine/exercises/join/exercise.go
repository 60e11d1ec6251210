//go:build !solution

package join

import (
	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// Join returns a Future that is ready when both a and b are, with the values of both.
func Join[A, B any](a future.Future[A], b future.Future[B]) future.Future[future.Pair[A, B]] {
	return &join[A, B]{a: a, b: b}
}

type join[A, B any] struct {
	a future.Future[A]
	b future.Future[B]
}

// Poll polls both, each until it is ready and never after that. It is ready when both
// are: perhaps in the first Poll. Then it must not be polled again, and panics with
// future.PolledAfterReady if it is.
//
// The task's budget is for both: who is polled first may use it up. So they take turns in
// being first.
func (j *join[A, B]) Poll(cx *future.Context) (pair future.Pair[A, B], ready bool) {
	panic(lesson.ErrNotStarted)
}

// Cancel cancels what is not ready yet. Not every Future has a Cancel: see [future.Cancel].
func (j *join[A, B]) Cancel() {
}
