package futuretest

import (
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// expectPending polls f and fails the case, with the sentence, if f is ready.
func expectPending[T any](t lesson.T, f future.Future[T], w future.Waker, sentence string) {
	t.Helper()
	_, ready := Poll(f, w)
	require.False(t, ready, sentence)
}

// expectReady polls f and returns its value. It fails the case, with the sentence, if f is pending.
func expectReady[T any](t lesson.T, f future.Future[T], w future.Waker, sentence string) T {
	t.Helper()
	value, ready := Poll(f, w)
	require.True(t, ready, sentence)
	return value
}

// expectLastWaker polls f, which must be pending, with one waker and then with another, and lets a
// child wake: the second one must be woken.
func expectLastWaker[T any](t lesson.T, f future.Future[T], childWakes func(), child string) {
	t.Helper()
	first, second := new(Waker), new(Waker)
	expectPending(t, f, first, "it was ready before its children")
	expectPending(t, f, second, "it was ready before its children")
	childWakes()
	require.NotZero(t, second.Wakes(), "it was polled with one waker, then with another, and %s woke the waker that it has: but that is not the second one. If it was the first, a Future that moves to another task is never polled again", child)
}

// expectOver fails the case unless f, which has been ready, panics as it should when it is polled.
func expectOver[T any](t lesson.T, f future.Future[T], name string) {
	t.Helper()
	require.PanicsWithValue(t, future.PolledAfterReady, func() { Poll(f, new(Waker)) },
		"%s was polled after it was ready. Its owner has lost count: say so with panic(future.PolledAfterReady), before it costs somebody a day", name)
}

// spendAll is what a busy Future does in each Poll: it works until the task's budget is used up. It
// returns how many operations that were. If there is no limit it stops all the same.
func spendAll(cx *future.Context) (operations int) {
	for operations < 1000 && cx.Spend() {
		operations++
	}
	return operations
}
