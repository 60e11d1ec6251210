package futuretest

import (
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A TimeoutFunc is [future.Timeout], or stands in for it.
type TimeoutFunc func(f future.Future[int], clock future.Future[struct{}]) future.Future[future.Result[int]]

// TimeoutCases are the properties of Timeout.
func TimeoutCases() []lesson.Case[TimeoutFunc] { return timeoutCases }

var timeoutCases = []lesson.Case[TimeoutFunc]{
	{
		Name:   "timeout-lazy",
		Rule:   "Timeout does nothing before its first Poll",
		Source: "Rust, std::future::Future: futures are inert",
		Hint:   "the constructor only stores what it is given",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			timeout(f, clock)
			require.Zero(t, f.Polls()+clock.Polls(), "Timeout has polled its children, and nobody has polled Timeout")
		},
	},
	{
		Name:   "timeout-value",
		Rule:   "a value that comes before the clock is the result, without an error",
		Source: "tokio::time::timeout",
		Hint:   "Result has two fields, and one of them is nil here",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x, w := timeout(f, clock), new(Waker)
			expectPending(t, x, w, "Timeout was ready before its children")
			f.Complete(7)
			result := expectReady(t, x, w, "f is ready, and Timeout is pending")
			require.Equal(t, future.Result[int]{Value: 7}, result, "f was ready in time, with 7")
		},
	},
	{
		Name:   "timeout-elapses",
		Rule:   "when the clock is ready first, the result is ErrTimeout",
		Source: "tokio::time::timeout",
		Hint:   "the clock must have been polled, or it has no waker to call",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x, w := timeout(f, clock), new(Waker)
			expectPending(t, x, w, "Timeout was ready before its children")
			clock.Complete(struct{}{})
			require.NotZero(t, w.Wakes(), "the clock is ready, and nobody was woken: was the clock polled at all?")
			result := expectReady(t, x, w, "the clock is ready, and Timeout is pending")
			require.ErrorIs(t, result.Err, future.ErrTimeout, "the clock was ready first")
		},
	},
	{
		Name:   "timeout-value-first",
		Rule:   "a value that is there beats the clock, however late it is",
		Source: "tokio::time::timeout: if the future completes immediately, it succeeds",
		Hint:   "who is polled first?",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x, w := timeout(f, clock), new(Waker)
			expectPending(t, x, w, "Timeout was ready before its children")
			clock.Complete(struct{}{})
			f.Complete(7)
			result := expectReady(t, x, w, "both are ready, and Timeout is pending")
			require.NoError(t, result.Err, "the value was there when Timeout looked, and Timeout threw it away because the clock was ready, too")
		},
	},
	{
		Name:   "timeout-cancels-clock",
		Rule:   "a value cancels the clock",
		Source: "future.Canceler",
		Hint:   "most time limits never end: each clock that stays in its heap is memory that a busy server never gets back",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x, w := timeout(f, clock), new(Waker)
			expectPending(t, x, w, "Timeout was ready before its children")
			f.Complete(7)
			expectReady(t, x, w, "f is ready, and Timeout is pending")
			require.Equal(t, 1, clock.Cancels(), "f was ready in time: how often was the clock cancelled?")
		},
	},
	{
		Name:   "timeout-cancels-f",
		Rule:   "the clock cancels f",
		Source: "tokio::time::timeout: the future is dropped",
		Hint:   "who waits no longer must say so, or f holds what it has for ever",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x, w := timeout(f, clock), new(Waker)
			expectPending(t, x, w, "Timeout was ready before its children")
			clock.Complete(struct{}{})
			expectReady(t, x, w, "the clock is ready, and Timeout is pending")
			require.Equal(t, 1, f.Cancels(), "the clock was ready first: how often was f cancelled?")
		},
	},
	{
		Name:   "timeout-busy",
		Rule:   "an f that uses up the budget in every Poll cannot hold up the clock",
		Source: "tokio, tests/time_timeout.rs: timeout_is_not_exhausted_by_future",
		Hint:   "the clock is a leaf, and spends as well; after f there is nothing left for it",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			f.OnPoll = func(cx *future.Context) { spendAll(cx) }
			x, w := timeout(f, thrifty(clock)), new(Waker)
			clock.Complete(struct{}{})
			cx := future.NewContext(w)
			for range 10 {
				cx.Renew(w, 4)
				if result, ready := x.Poll(cx); ready {
					require.ErrorIs(t, result.Err, future.ErrTimeout, "f was never ready")
					return
				}
			}
			require.Fail(t, "Timeout is pending", "the clock is ready, f has used up the budget in each of 10 polls, and Timeout still waits: a busy Future cannot be timed out")
		},
	},
	{
		Name:   "timeout-no-budget",
		Rule:   "a Timeout that is polled when the budget is used up comes again, before it lets the clock win",
		Source: "tokio::time::timeout: had_budget_before",
		Hint:   "without a budget f can't give its value; so it may be there",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x, w := timeout(thrifty(f), clock), new(Waker)
			f.Complete(7)
			clock.Complete(struct{}{})
			cx := future.NewContext(w)
			cx.Renew(w, 1)
			spendAll(cx) // what another Future of the same task has done
			result, ready := x.Poll(cx)
			require.False(t, ready, "f has its value, but no budget to hand it over; the clock is ready. Timeout said: %v", result.Err)
			require.NotZero(t, w.Wakes(), "Timeout is pending for want of budget, and the waker was not called: this task would never be polled again")
			cx.Renew(w, 4)
			result, ready = x.Poll(cx)
			require.True(t, ready && result.Err == nil, "with a fresh budget, f hands over its value: that must be the result")
		},
	},
	{
		Name:   "timeout-last-waker",
		Rule:   "f and the clock get the waker of the most recent Poll",
		Source: "Rust, std::future::Future::poll",
		Hint:   "give cx itself to the children: a stored one is that of an earlier Poll, perhaps of another task",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x := timeout(f, clock)
			expectLastWaker(t, x, f.Wake, "f")
			expectLastWaker(t, x, clock.Wake, "the clock")
		},
	},
	{
		Name:   "timeout-cancel",
		Rule:   "Cancel cancels f and the clock, once each",
		Source: "future.Canceler",
		Hint:   "nobody else knows them",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			f, clock := timeoutProbes(t)
			x := timeout(f, clock)
			expectPending(t, x, new(Waker), "Timeout was ready before its children")
			future.Cancel(x)
			require.Equal(t, []int{1, 1}, []int{f.Cancels(), clock.Cancels()}, "Timeout was cancelled while both were pending: how often were f and the clock cancelled?")
		},
	},
	{
		Name:   "timeout-over",
		Rule:   "Poll panics with PolledAfterReady when Timeout has been ready",
		Source: "future.PolledAfterReady",
		Hint:   "what is left in the struct then that tells it apart from a fresh one?",
		Check: func(t lesson.T, timeout TimeoutFunc) {
			x := timeout(future.Ready(1), future.Never[struct{}]())
			expectReady(t, x, new(Waker), "f was ready in the first Poll, and Timeout is pending")
			expectOver(t, x, "Timeout")
		},
	},
}

func timeoutProbes(t lesson.T) (f *Probe[int], clock *Probe[struct{}]) {
	return NewProbe[int](t, "f"), NewProbe[struct{}](t, "the clock")
}

// thrifty returns f as a leaf that obeys the budget: it does nothing when there is none left. It
// cancels what f holds.
func thrifty[T any](f future.Future[T]) future.Future[T] { return thriftyFuture[T]{f} }

type thriftyFuture[T any] struct{ f future.Future[T] }

func (l thriftyFuture[T]) Poll(cx *future.Context) (value T, ready bool) {
	if !cx.Spend() {
		return
	}
	return l.f.Poll(cx)
}

func (l thriftyFuture[T]) Cancel() { future.Cancel(l.f) }
