package future

import "errors"

// ErrTimeout is the error of a [Timeout] whose clock was ready first.
var ErrTimeout = errors.New("future: timeout")

// Timeout returns a Future of f's value, or of ErrTimeout if the clock is ready first
// (tokio::time::timeout). The clock is a timer's Sleep, mostly; its value is thrown away. The
// one that comes second is cancelled before Timeout's Poll returns ready.
//
// f is polled first, so a value that is there beats the clock, however late it is. And the
// clock is polled without a budget, so an f that uses up the budget in every Poll cannot
// hold it up.
func Timeout[T, C any](f Future[T], clock Future[C]) Future[Result[T]] {
	return &timeout[T, C]{f: f, clock: clock}
}

// In a timeout, f and clock are nil when one of them was ready.
type timeout[T, C any] struct {
	f     Future[T]
	clock Future[C]
}

func (t *timeout[T, C]) Poll(cx *Context) (result Result[T], ready bool) {
	if t.f == nil {
		panic(PolledAfterReady)
	}
	// When others have used up the budget already, f can't give the value that it
	// may have, and the clock would beat it. Come again with a fresh budget.
	if !cx.Spend() {
		return
	}
	cx.Refund()

	if result.Value, ready = t.f.Poll(cx); ready {
		t.f = nil
		drop(&t.clock)
		return
	}

	left := cx.budget
	cx.budget = noLimit
	_, late := t.clock.Poll(cx)
	cx.budget = left
	if late {
		t.clock = nil
		drop(&t.f)
		return Result[T]{Err: ErrTimeout}, true
	}
	return
}

func (t *timeout[T, C]) Cancel() {
	drop(&t.f)
	drop(&t.clock)
}
