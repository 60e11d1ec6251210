package future

// Map returns a Future of what fn makes of f's value (futures::FutureExt::map). fn runs once,
// inside the Poll in which f becomes ready.
func Map[T, U any](f Future[T], fn func(T) U) Future[U] {
	return &mapped[T, U]{f: f, fn: fn}
}

// In a mapped, f is nil when it is ready or cancelled; see drop.
type mapped[T, U any] struct {
	f  Future[T]
	fn func(T) U
}

func (m *mapped[T, U]) Poll(cx *Context) (value U, ready bool) {
	if m.f == nil {
		panic(PolledAfterReady)
	}
	v, ok := m.f.Poll(cx)
	if !ok {
		return
	}
	m.f = nil // before fn, which may panic
	return m.fn(v), true
}

func (m *mapped[T, U]) Cancel() { drop(&m.f) }
