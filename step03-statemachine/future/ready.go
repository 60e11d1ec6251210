package future

// Ready returns a Future that is ready at its first Poll (Rust's std::future::ready).
func Ready[T any](v T) Future[T] { return &readyValue[T]{value: v} }

type readyValue[T any] struct {
	value T
	done  bool
}

func (r *readyValue[T]) Poll(*Context) (value T, ready bool) {
	if r.done {
		panic(PolledAfterReady)
	}
	r.done = true
	return r.value, true
}

// Never returns a Future that is never ready (std::future::pending). It keeps no waker: there is
// nothing that it would be woken for. In a [Select] it stands for a branch that is turned off.
func Never[T any]() Future[T] { return never[T]{} }

type never[T any] struct{}

func (never[T]) Poll(*Context) (value T, ready bool) { return }

// Yield returns a Future that is pending once, so that the other tasks get their turn, and then
// ready (tokio::task::yield_now).
func Yield() Future[struct{}] { return new(yield) }

type yield struct {
	polled, done bool
}

func (y *yield) Poll(cx *Context) (_ struct{}, ready bool) {
	switch {
	case y.done:
		panic(PolledAfterReady)
	case y.polled:
		y.done = true
		return struct{}{}, true
	default:
		y.polled = true
		cx.Waker().Wake() // nobody else would
		return
	}
}
