package future

// Then returns a Future that waits for first, gives its value to next, and then waits
// for the Future that next returns (futures::FutureExt::then). next runs once, and its Future
// is polled at once: that nobody has woken it yet does not mean that it has to wait.
func Then[T, U any](first Future[T], next func(T) Future[U]) Future[U] {
	return &then[T, U]{first: first, next: next}
}

// In a then, first is nil when it is ready, and second is nil until then. Both are nil when
// all is over.
type then[T, U any] struct {
	first  Future[T]
	next   func(T) Future[U]
	second Future[U]
}

func (t *then[T, U]) Poll(cx *Context) (value U, ready bool) {
	if t.first != nil {
		v, ok := t.first.Poll(cx)
		if !ok {
			return
		}
		t.first = nil // before next, which may panic
		t.second = t.next(v)
	}
	if t.second == nil {
		panic(PolledAfterReady)
	}
	if value, ready = t.second.Poll(cx); ready {
		t.second = nil
	}
	return
}

func (t *then[T, U]) Cancel() {
	drop(&t.first)
	drop(&t.second)
}
