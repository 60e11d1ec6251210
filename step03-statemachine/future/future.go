package future

// A Future is a value of type T that may not be there yet. It mirrors Rust's
// std::future::Future.
//
// Poll lets the Future work until it is ready or must wait. It never blocks.
//
//   - If ready is true, value is the result, and Poll must not be called again:
//     a Future that was polled to its end may panic.
//   - If ready is false ("pending"), the Future has made a promise: the waker of
//     this call, cx.Waker(), is called when polling again is worth while. Only the
//     waker of the most recent Poll counts; an earlier one need not be called.
//
// A Future does nothing before its first Poll. It may be polled more often than
// it is woken, and must not mind. Two goroutines never poll it at the same time,
// but it may be another goroutine each time. A Future must not be copied after
// its first Poll: a waker, a heap of timers or a reactor may refer to it. (Rust says
// so in the type, Pin<&mut Self>.)
//
// A Future may also be a [Canceler].
type Future[T any] interface {
	Poll(cx *Context) (value T, ready bool)
}

// A Canceler is a Future that holds something until it is ready: a timer, a
// registration, other Futures. Cancel gives it back. It takes the place of Rust's Drop.
//
// Cancel is called at most once, never after Poll has returned ready, never at the same
// time as Poll; and Poll is never called after it. A Future that was never polled
// may be cancelled, too.
type Canceler interface {
	Cancel()
}

// A Waker says that a Future is worth polling again. It mirrors Rust's
// std::task::Waker; a copy of the interface value is a clone, and the garbage
// collector counts the references.
//
// Wake may be called from any goroutine, from inside a Poll or of another Wake, any number
// of times, also when the Future is ready, cancelled or forgotten. It never blocks, and
// never polls by itself. What was written before Wake is visible to the Poll that it leads
// to.
//
// The dynamic type must be comparable: who stores a waker may compare it with the one that
// it has (Rust's will_wake). Callers hold no lock while they call Wake.
type Waker interface {
	Wake()
}

// Cancel cancels f if it is a [Canceler], and does nothing otherwise. f may be of any
// type, so that a Future[T] of any T can be given.
func Cancel(f any) {
	if c, ok := f.(Canceler); ok {
		c.Cancel()
	}
}

// drop cancels the Future in a field of a combinator, if there is one, and clears the field. All
// combinators keep their children so: a field is nil when its Future is ready or cancelled. Then
// nothing can poll or cancel it again, and what it holds is free for the garbage collector.
func drop[T any](f *Future[T]) {
	child := *f
	*f = nil // before Cancel, which may panic
	Cancel(child)
}

// Func is a Future made of a function (Rust's std::future::poll_fn). It has nothing to cancel.
type Func[T any] func(cx *Context) (value T, ready bool)

// Poll calls f.
func (f Func[T]) Poll(cx *Context) (value T, ready bool) { return f(cx) }

// A Result is a value or an error: what a Future has to offer that can fail. It mirrors
// Rust's Result.
type Result[T any] struct {
	Value T
	Err   error
}

// PolledAfterReady is what a Future of this module panics with when it is polled though it has
// returned ready, or was cancelled: its owner has lost count.
const PolledAfterReady = "future: polled after it was ready or cancelled"
