package coroutine

import (
	"errors"
	"iter"

	"example.com/async/step03-statemachine/future"
)

// A Coroutine is what a body awaits with. It belongs to that body: it must not be given to
// another goroutine, nor to the body of another coroutine.
type Coroutine struct {
	suspend   func(struct{}) bool // switches back to Poll; false when there will be no further one
	cx        *future.Context     // of the Poll that runs the body now, else nil
	polling   bool                // Await is in the Poll of what it awaits
	cancelled bool
}

// New returns a Future whose value is what body returns. It mirrors an async block of Rust.
//
// The body starts at the first Poll. It runs on its own stack, but only while somebody
// polls: this is not concurrency, and a body that blocks, blocks its poller.
//
// A panic of the body passes to the poller, and so does [runtime.Goexit]. The
// poller's stack trace does not show the body, because package iter raises the panic anew.
//
// The Future is a [future.Canceler]. It holds a stack from its first Poll until it is ready or
// cancelled: if it is forgotten in between, no garbage collector finds it. Cancel
// makes the Await at which the body waits panic, so that the functions that the body has
// deferred run, and returns when they have. A panic of theirs passes to the canceller. A
// body that recovers from the panic of an Await can only come to its end: each further
// Await panics, too.
//
// Whoever polls must not be locked to a thread ([runtime.LockOSThread]), unless it is the
// same each time: package iter ends the process then.
func New[T any](body func(co *Coroutine) T) future.Future[T] {
	return &task[T]{body: body}
}

// Await waits until f is ready, and returns its value. It mirrors Rust's .await. Only
// the body that owns co may call it, or a function that the body calls.
//
// f belongs to Await from then on: if it does not come to its end, because the
// coroutine is cancelled or a Poll of f panics, Await cancels it while it panics.
func Await[T any](co *Coroutine, f future.Future[T]) (value T) {
	co.mustRun()
	ready := false
	defer func() {
		co.polling = false
		if !ready {
			future.Cancel(f)
		}
	}()
	for !co.cancelled {
		co.polling = true
		value, ready = f.Poll(co.cx)
		co.polling = false
		if ready {
			return value
		}
		co.suspend(struct{}{})
	}
	panic(errCancelled)
}

// errCancelled is what unwinds the stack of a cancelled body. Goexit would unwind it
// as well, and no recover could stop it; but iter.Pull would pass it on to the canceller, and end that.
var errCancelled = errors.New("coroutine: cancelled while it waited")

// mustRun panics if the body does not run, or runs no further than the Poll of what it
// awaits: a coroutine in there was given the wrong co. It would switch away from all
// stacks between the two, and a Join of two such coroutines would not poll the second.
func (co *Coroutine) mustRun() {
	if co.polling || co.cx == nil && !co.cancelled {
		panic("coroutine: Await was called outside of the body that owns this Coroutine")
	}
}

// A task is the Future of one body.
type task[T any] struct {
	co    Coroutine
	state state
	body  func(*Coroutine) T
	next  func() (struct{}, bool) // switches to the body's stack; false when the body has ended
	stop  func()                  // the same for the last time
	value T
}

type state uint8

const (
	fresh     state = iota // the body has not begun
	suspended              // it waits in an Await
	ended                  // it has returned or panicked, or was cancelled
)

// Poll runs the body until it ends, or has to wait.
func (t *task[T]) Poll(cx *future.Context) (value T, ready bool) {
	switch t.state {
	case fresh:
		t.next, t.stop = iter.Pull(t.run)
	case ended:
		panic(future.PolledAfterReady)
	}
	t.state = ended // unless it comes to an Await; a panic leaves it so
	t.co.cx = cx
	defer func() { t.co.cx = nil }()
	if _, waits := t.next(); waits {
		t.state = suspended
		return value, false
	}
	return t.value, true
}

// Cancel unwinds the body's stack, and gives it back.
func (t *task[T]) Cancel() {
	was := t.state
	t.state = ended
	if was == suspended {
		t.co.cancelled = true
		t.stop()
	}
}

// run is what runs on the body's stack.
func (t *task[T]) run(suspend func(struct{}) bool) {
	defer func() {
		if !t.co.cancelled {
			return // without recover, so that a debugger stops where the panic began
		}
		if cause := recover(); cause != nil && cause != errCancelled {
			panic(cause)
		}
	}()
	t.co.suspend = suspend
	t.value = t.body(&t.co)
}
