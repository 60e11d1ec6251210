package futuretest

import "example.com/async/step03-statemachine/future"

// PollThree returns f as somebody sees it who polls three times instead of once, until it is ready.
// A Future must not mind, so a test must pass with it as well. Cancel goes through to f.
func PollThree[T any](f future.Future[T]) future.Future[T] { return pollThree[T]{f} }

type pollThree[T any] struct{ f future.Future[T] }

func (p pollThree[T]) Poll(cx *future.Context) (value T, ready bool) {
	for range 3 {
		if value, ready = p.f.Poll(cx); ready {
			return
		}
	}
	return
}

func (p pollThree[T]) Cancel() { future.Cancel(p.f) }
