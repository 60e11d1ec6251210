package executor

import (
	"sync"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A JoinHandle is a Future of what a task results in: its value, or an error. It mirrors
// tokio::task::JoinHandle.
//
// The error is [ErrCancelled], a [*PanicError] or [ErrGoexit], and the value is zero then. When the
// result is there, the task's own Future is gone: cancelled, or at its end.
//
// A task does not need its handle: it runs whether anybody waits or not. One may wait at a time, with Poll
// or with Wait, and gets the result once. Abort and Done may be called from any goroutine at any time.
type JoinHandle[T any] struct {
	task   task             // in the same allocation: a task and its handle live equally long
	future future.Future[T] // nil when it is ready or cancelled; belongs to whoever owns the task
	result future.Result[T] // belongs to the owner, too; to who waits once the state is over

	mu       sync.Mutex // never held while a waker is called
	waiter   future.Waker
	taken    bool // nobody may ask again: the result was given away, or the handle was detached
	detached bool
}

var _ future.Canceler = (*JoinHandle[int])(nil)

// Poll is ready when the task is over. The last waker wins: the handle may move from one task
// to another.
func (h *JoinHandle[T]) Poll(cx *future.Context) (result future.Result[T], ready bool) {
	if tr := h.task.home.trace; tr != nil {
		tr.Record(trace.Event{Kind: trace.Joined, Task: h.task.id})
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.taken {
		panic(future.PolledAfterReady)
	}
	// Look and register in one go: settle moves the state first, and takes the lock then.
	// So either the task is over here, or settle finds the waiter. With a look before the
	// lock the task could end in between, find nobody to wake, and this poll would be the
	// last one.
	if !h.task.state.load().over() {
		h.waiter = cx.Waker()
		return
	}
	return h.take(), true
}

// Wait blocks until the task is over, and returns its value or its error. It is for goroutines. In a poll
// it would block the worker, possibly the one that the task needs: there it panics, unless
// the result is there already; poll the handle instead. It panics as well on the handle of
// a [Manual] that is not over, since nobody would go on with the task.
func (h *JoinHandle[T]) Wait() (T, error) {
	result := block(h, h.task.home.mayWait)
	return result.Value, result.Err
}

// Abort asks the task to end. A poll that runs is not disturbed, and if it returns a value, that is the
// result. Otherwise a worker cancels the Future, without polling it again, and the result is
// ErrCancelled. Abort does not wait for any of this, and does nothing if the task is over.
func (h *JoinHandle[T]) Abort() { h.task.abort() }

// Done reports whether the result is there.
func (h *JoinHandle[T]) Done() bool { return h.task.state.load().over() }

// Detach says that nobody will ask for the result. The task goes on.
func (h *JoinHandle[T]) Detach() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.taken {
		return
	}
	h.waiter, h.taken, h.detached = nil, true, true
	if h.task.state.load().over() {
		h.take()
	}
}

// Cancel is Detach: who stops waiting does not stop the task. (A combinator calls it on the Future that has lost.)
func (h *JoinHandle[T]) Cancel() { h.Detach() }

// ID returns the task's name in a trace.
func (h *JoinHandle[T]) ID() trace.TaskID { return h.task.id }

// take gives the result away. The lock is held, and the task is over.
func (h *JoinHandle[T]) take() future.Result[T] {
	result := h.result
	h.result = future.Result[T]{} // a waker that somebody has kept keeps the task, but need not keep this
	h.waiter, h.taken = nil, true
	return result
}

// advance implements [body].
func (h *JoinHandle[T]) advance(cx *future.Context) (ready bool) {
	value, ready := h.future.Poll(cx)
	if ready {
		h.result.Value = value
		h.future = nil
	}
	return ready
}

// discard implements [body].
func (h *JoinHandle[T]) discard() {
	f := h.future
	h.future = nil // first: Cancel may panic
	future.Cancel(f)
}

// settle implements [body].
func (h *JoinHandle[T]) settle(last transition, err error) (waiter future.Waker, unheard bool) {
	h.result.Err = err
	h.task.state.move(last)

	// From here on Poll finds the result. Whoever has looked before is woken.
	h.mu.Lock()
	defer h.mu.Unlock()
	waiter = h.waiter
	h.waiter = nil
	if h.detached {
		h.take()
	}
	return waiter, waiter == nil && (h.detached || !h.taken)
}
