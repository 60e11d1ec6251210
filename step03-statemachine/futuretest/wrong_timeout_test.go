package futuretest

import (
	"errors"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

func TestTimeoutMuseum(t *testing.T) {
	type result = future.Result[int]
	lesson.Museum(t, TimeoutCases(), []lesson.Wrong[TimeoutFunc]{
		{
			Name: "polls the clock in the constructor", Case: "timeout-lazy",
			Message: "nobody has polled Timeout",
			Subject: func(f future.Future[int], clock future.Future[struct{}]) future.Future[result] {
				Poll(clock, new(Waker))
				return future.Timeout(f, clock)
			},
		},
		{
			Name: "forgets the value", Case: "timeout-value",
			Message: "f was ready in time, with 7",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (_ result, ready bool) {
					r, ready := x.Poll(cx)
					return result{Err: r.Err}, ready
				}
			}),
		},
		{
			Name: "has an error of its own", Case: "timeout-elapses",
			Message: "the clock was ready first",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (_ result, ready bool) {
					r, ready := x.Poll(cx)
					if r.Err != nil {
						r.Err = errors.New("timeout")
					}
					return r, ready
				}
			}),
		},
		{
			Name: "does not poll the clock while f is pending", Case: "timeout-elapses",
			Message: "was the clock polled at all?",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (_ result, ready bool) {
					clock := x.clock
					x.clock = future.Never[struct{}]()
					defer func() { x.clock = clock }()
					return x.Poll(cx)
				}
			}),
		},
		{
			Name: "polls the clock first", Case: "timeout-value-first",
			Message: "Timeout threw it away because the clock was ready, too",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (r result, ready bool) {
					x.mustNotBeOver()
					if r, ready = x.pollClock(cx); !ready {
						r, ready = x.pollF(cx)
					}
					return
				}
			}),
		},
		{
			Name: "keeps the timer", Case: "timeout-cancels-clock",
			Message: "f was ready in time: how often was the clock cancelled?",
			Subject: func(f future.Future[int], clock future.Future[struct{}]) future.Future[result] {
				x := future.Timeout(f, future.Func[struct{}](clock.Poll))
				return cancellable[result]{Func: x.Poll, cancel: func() {
					future.Cancel(clock)
					future.Cancel(x)
				}}
			},
		},
		{
			Name: "keeps what was too late", Case: "timeout-cancels-f",
			Message: "the clock was ready first: how often was f cancelled?",
			Subject: func(f future.Future[int], clock future.Future[struct{}]) future.Future[result] {
				x := future.Timeout(future.Func[int](f.Poll), clock)
				return cancellable[result]{Func: x.Poll, cancel: func() {
					future.Cancel(f)
					future.Cancel(x)
				}}
			},
		},
		{
			Name: "is starved by a busy f", Case: "timeout-busy",
			Message: "a busy Future cannot be timed out",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (r result, ready bool) {
					x.mustNotBeOver()
					if !cx.Spend() {
						return
					}
					cx.Refund()
					if r, ready = x.pollF(cx); !ready {
						r, ready = x.pollClock(cx) // with what f has left
					}
					return
				}
			}),
		},
		{
			Name: "lets the clock win for want of budget", Case: "timeout-no-budget",
			Message: "f has its value, but no budget to hand it over",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (r result, ready bool) {
					x.mustNotBeOver()
					if r, ready = x.pollF(cx); !ready {
						r, ready = x.pollClock(future.NewContext(cx.Waker()))
					}
					return
				}
			}),
		},
		{
			Name: "keeps the waker of its first poll", Case: "timeout-last-waker",
			Message: "a Future that moves to another task is never polled again",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				var first future.Waker
				return func(cx *future.Context) (_ result, ready bool) {
					if first == nil {
						first = cx.Waker()
					}
					return x.Poll(future.NewContext(first))
				}
			}),
		},
		{
			Name: "does not forward Cancel", Case: "timeout-cancel",
			Message: "how often were f and the clock cancelled?",
			Subject: func(f future.Future[int], clock future.Future[struct{}]) future.Future[result] {
				return future.Func[result](future.Timeout(f, clock).Poll)
			},
		},
		{
			Name: "is pending when it is over", Case: "timeout-over",
			Message: "Its owner has lost count",
			Subject: wrongTimeout(func(x *timeoutParts) future.Func[result] {
				return func(cx *future.Context) (_ result, ready bool) {
					if x.over {
						return
					}
					return x.Poll(cx)
				}
			}),
		},
	}, lesson.JudgeInRealTime[TimeoutFunc])
}

// wrongTimeout puts another Poll in front of a Timeout's, which may spoil its parts.
func wrongTimeout(poll func(x *timeoutParts) future.Func[future.Result[int]]) TimeoutFunc {
	return func(f future.Future[int], clock future.Future[struct{}]) future.Future[future.Result[int]] {
		x := &timeoutParts{f: f, clock: clock}
		return cancellable[future.Result[int]]{Func: poll(x), cancel: x.Cancel}
	}
}

// A timeoutParts is a Timeout that is right, for exhibits that reach into it. It allocates in
// each Poll, because only package future can lift a Context's budget.
type timeoutParts struct {
	f     future.Future[int]
	clock future.Future[struct{}]
	over  bool
}

func (x *timeoutParts) Poll(cx *future.Context) (r future.Result[int], ready bool) {
	x.mustNotBeOver()
	if !cx.Spend() {
		return
	}
	cx.Refund()
	if r, ready = x.pollF(cx); !ready {
		r, ready = x.pollClock(future.NewContext(cx.Waker()))
	}
	return
}

func (x *timeoutParts) mustNotBeOver() {
	if x.over {
		panic(future.PolledAfterReady)
	}
}

func (x *timeoutParts) pollF(cx *future.Context) (r future.Result[int], ready bool) {
	if r.Value, ready = x.f.Poll(cx); ready {
		x.over = true
		future.Cancel(x.clock)
	}
	return
}

func (x *timeoutParts) pollClock(cx *future.Context) (r future.Result[int], ready bool) {
	if _, ready = x.clock.Poll(cx); ready {
		x.over = true
		future.Cancel(x.f)
		r.Err = future.ErrTimeout
	}
	return
}

func (x *timeoutParts) Cancel() {
	future.Cancel(x.f)
	future.Cancel(x.clock)
}
