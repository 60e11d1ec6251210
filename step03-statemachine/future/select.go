package future

import "math/rand/v2"

// An Either is what one of two Futures has given.
type Either[A, B any] struct {
	First    A    // if IsSecond is false
	Second   B    // if IsSecond is true
	IsSecond bool // which of them it was
}

// Select returns a Future of the value of a or b, whichever is ready first (tokio's select!). The
// loser is cancelled before Select's Poll returns ready.
//
// Which one is polled first is drawn by lot for each Poll, as in Go's select statement: when
// both are ready whenever one looks, each wins half of the time. A test that must be the same
// each time uses [SelectBiased].
//
// To keep the loser for another round, give Select a [Func] around its Poll: a Func has nothing
// to cancel (Rust: &mut future). Its owner must then go on polling it, or cancel it: a Future
// that nobody polls may hold what others wait for ("futurelock").
func Select[A, B any](a Future[A], b Future[B]) Future[Either[A, B]] {
	return &selection[A, B]{a: a, b: b}
}

// SelectBiased is a [Select] that always polls a first, and b only if a is pending (select! with
// "biased;"). An a that is ready whenever one looks starves b, and so does one that always uses
// up the task's budget: put first what is rare and urgent, a stop signal say.
func SelectBiased[A, B any](a Future[A], b Future[B]) Future[Either[A, B]] {
	return &selection[A, B]{a: a, b: b, biased: true}
}

// In a selection, a and b are nil when one has won.
type selection[A, B any] struct {
	a      Future[A]
	b      Future[B]
	biased bool
}

func (s *selection[A, B]) Poll(cx *Context) (won Either[A, B], ready bool) {
	if s.a == nil {
		panic(PolledAfterReady)
	}
	if s.biased || rand.Uint32()&1 == 0 {
		if won, ready = s.pollA(cx); !ready {
			won, ready = s.pollB(cx)
		}
	} else {
		if won, ready = s.pollB(cx); !ready {
			won, ready = s.pollA(cx)
		}
	}
	return
}

func (s *selection[A, B]) pollA(cx *Context) (won Either[A, B], ready bool) {
	won.First, ready = s.a.Poll(cx)
	if ready {
		s.a = nil
		drop(&s.b)
	}
	return
}

func (s *selection[A, B]) pollB(cx *Context) (won Either[A, B], ready bool) {
	won.Second, ready = s.b.Poll(cx)
	if ready {
		won.IsSecond = true
		s.b = nil
		drop(&s.a)
	}
	return
}

func (s *selection[A, B]) Cancel() {
	drop(&s.a)
	drop(&s.b)
}
