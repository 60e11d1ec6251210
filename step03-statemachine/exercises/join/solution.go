//go:build solution

package join

import "example.com/async/step03-statemachine/future"

func Join[A, B any](a future.Future[A], b future.Future[B]) future.Future[future.Pair[A, B]] {
	return &join[A, B]{a: a, b: b}
}

// In a join, a and b are nil when they are ready.
type join[A, B any] struct {
	a      future.Future[A]
	b      future.Future[B]
	pair   future.Pair[A, B]
	bFirst bool
}

func (j *join[A, B]) Poll(cx *future.Context) (pair future.Pair[A, B], ready bool) {
	if j.a == nil && j.b == nil {
		panic(future.PolledAfterReady)
	}
	for range 2 {
		if j.bFirst {
			pollOne(cx, &j.b, &j.pair.Second)
		} else {
			pollOne(cx, &j.a, &j.pair.First)
		}
		j.bFirst = !j.bFirst
	}
	j.bFirst = !j.bFirst // the other one is first next time
	if j.a != nil || j.b != nil {
		return pair, false
	}
	return j.pair, true
}

// pollOne polls *f unless it is ready. When it becomes so, it keeps the value, and lets go of the Future.
func pollOne[T any](cx *future.Context, f *future.Future[T], value *T) {
	if *f == nil {
		return
	}
	if v, ready := (*f).Poll(cx); ready {
		*value, *f = v, nil
	}
}

func (j *join[A, B]) Cancel() {
	future.Cancel(j.a)
	future.Cancel(j.b)
	j.a, j.b = nil, nil
}
