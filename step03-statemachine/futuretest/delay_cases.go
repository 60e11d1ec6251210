package futuretest

import (
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// Delays is a clock with the Futures that wait for it: what the DelayCases judge.
type Delays struct {
	// New returns a Future that is ready when d has passed, counted from this call.
	New func(d time.Duration) future.Future[struct{}]
	// Advance turns the clock and wakes who is due. Another goroutine may poll meanwhile.
	Advance func(d time.Duration)
	// Pending returns how many timers are set.
	Pending func() int
}

// OnClock returns what the DelayCases judge, for a Delay that is built on a [Clock].
func OnClock(newDelay func(clock *Clock, d time.Duration) future.Future[struct{}]) func() Delays {
	return func() Delays {
		clock := new(Clock)
		return Delays{
			New:     func(d time.Duration) future.Future[struct{}] { return newDelay(clock, d) },
			Advance: clock.Advance,
			Pending: clock.Pending,
		}
	}
}

// DelayCases are the properties of a Delay, the article's first Future; the subject returns
// a fresh clock. One of the cases, delay-race, polls on one goroutine and turns the clock
// on another.
func DelayCases() []lesson.Case[func() Delays] { return delayCases }

var delayCases = []lesson.Case[func() Delays]{
	{
		Name:   "delay-lazy",
		Rule:   "no timer is set before the first Poll",
		Source: "Rust, std::future::Future: futures are inert",
		Hint:   "set the timer in Poll. A Future that works before it is polled cannot be put into a Select that never comes to it",
		Check: func(t lesson.T, subject func() Delays) {
			delays := subject()
			delays.New(time.Second)
			require.Zero(t, delays.Pending(), "a timer is set, and nobody has polled the Delay")
		},
	},
	{
		Name:   "delay-wakes",
		Rule:   "when the time is over the waker is called, and the next Poll is ready",
		Source: "Rust, std::future::Future::poll",
		Hint:   "pending is a promise to wake: who calls cx.Waker().Wake(), and when?",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			d := delays.New(time.Second)
			expectPending(t, d, w, "a Delay of 1 s is ready at once")
			delays.Advance(time.Second)
			require.NotZero(t, w.Wakes(), "the time is over, and the waker was not called: in an executor, this task would sleep for ever")
			expectReady(t, d, w, "the time is over, the waker was called, and the Delay is pending")
		},
	},
	{
		Name:   "delay-never-early",
		Rule:   "it is pending until the time is over, however often it is polled",
		Source: "tokio::time::sleep",
		Hint:   "being polled again does not mean that the time is over: a Select polls whenever one of its children was woken",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			d := delays.New(time.Second)
			for range 10 {
				expectPending(t, d, w, "the Delay was ready before its time")
				delays.Advance(time.Second/10 - 1)
			}
			expectPending(t, d, w, "the Delay was ready 10 ns before its time")
			delays.Advance(10)
			expectReady(t, d, w, "the time is over, to the nanosecond, and the Delay is pending")
		},
	},
	{
		Name:   "delay-quiet",
		Rule:   "nobody is woken before the time is over",
		Source: "chapter 3, Who wakes the task?",
		Hint:   "a Poll that wakes its own task is polled again at once, and again: it works, and it burns a core",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			expectPending(t, delays.New(time.Second), w, "a Delay of 1 s is ready at once")
			delays.Advance(time.Second / 2)
			require.Zero(t, w.Wakes(), "the waker was called half a second before the time: a Delay that asks to be polled until its time is over keeps the processor busy")
		},
	},
	{
		Name:   "delay-last-waker",
		Rule:   "the waker of the most recent Poll is called",
		Source: "Rust, std::future::Future::poll",
		Hint:   "store the waker in each Poll, not only when the timer is set",
		Check: func(t lesson.T, subject func() Delays) {
			delays, first, second := subject(), new(Waker), new(Waker)
			d := delays.New(time.Second)
			expectPending(t, d, first, "a Delay of 1 s is ready at once")
			expectPending(t, d, second, "a Delay of 1 s is ready at once")
			delays.Advance(time.Second)
			require.NotZero(t, second.Wakes(), "the Delay was polled with one waker, then with another, and when the time was over the second was not called: a Delay that moves to another task is forgotten")
		},
	},
	{
		Name:   "delay-one-timer",
		Rule:   "however often it is polled, it sets one timer",
		Source: "tokio-rs/website issue 532: the tutorial's first Delay starts a thread at every poll",
		Hint:   "the timer of the first Poll still runs: only the waker is new",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			d := delays.New(time.Second)
			for range 100 {
				expectPending(t, d, w, "a Delay of 1 s is ready at once")
			}
			require.Equal(t, 1, delays.Pending(), "timers set by one Delay that was polled 100 times")
		},
	},
	{
		Name:   "delay-counts-from-new",
		Rule:   "the time counts from the call that made it, not from the first Poll",
		Source: "tokio::time::sleep",
		Hint:   "work out the deadline when the Delay is made; that is no work that anybody would notice",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			d := delays.New(time.Second)
			delays.Advance(time.Second)
			expectReady(t, d, w, "a Delay of 1 s was made, 1 s has passed, and at its first Poll it is pending")
			require.Zero(t, delays.Pending(), "a timer is set, for a Delay whose time is over")
		},
	},
	{
		Name:   "delay-cancel",
		Rule:   "Cancel takes the timer away, and nobody is woken afterwards",
		Source: "future.Canceler",
		Hint:   "most time limits are cancelled: what they leave behind adds up",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			d := delays.New(time.Second)
			expectPending(t, d, w, "a Delay of 1 s is ready at once")
			future.Cancel(d)
			require.Zero(t, delays.Pending(), "the Delay was cancelled, and its timer is still set")
			delays.Advance(time.Second)
			require.Zero(t, w.Wakes(), "a Delay that was cancelled has called its waker")
		},
	},
	{
		Name:   "delay-cancel-unpolled",
		Rule:   "a Delay that was never polled can be cancelled",
		Source: "future.Canceler",
		Hint:   "then there is no timer to take away",
		Check: func(t lesson.T, subject func() Delays) {
			require.NotPanics(t, func() { future.Cancel(subject().New(time.Second)) }, "a Delay that was never polled was cancelled, and panicked")
		},
	},
	{
		Name:   "delay-over",
		Rule:   "Poll panics with PolledAfterReady when the Delay has been ready",
		Source: "future.PolledAfterReady",
		Hint:   "Done is a state of its own",
		Check: func(t lesson.T, subject func() Delays) {
			delays, w := subject(), new(Waker)
			d := delays.New(time.Second)
			expectPending(t, d, w, "a Delay of 1 s is ready at once")
			delays.Advance(time.Second)
			expectReady(t, d, w, "the time is over, and the Delay is pending")
			expectOver(t, d, "the Delay")
		},
	},
	{
		Name:     "delay-never-blocks",
		Rule:     "Poll returns at once",
		Source:   "Rust, std::future::Future::poll, Runtime characteristics",
		Hint:     "a Poll that sleeps holds its worker, and every other task on it. Return pending instead",
		InBubble: true,
		Check: func(t lesson.T, subject func() Delays) {
			delays := subject()
			d := delays.New(time.Second)
			polled := make(chan struct{})
			go func() {
				defer close(polled)
				Poll(d, new(Waker))
			}()
			synctest.Wait() // until the goroutine has ended, or waits for something
			select {
			case <-polled:
			default:
				require.Fail(t, "Poll has not returned", "Poll waits for something instead of returning pending: until it returns, no other task of this worker runs")
			}
		},
	},
	{
		Name:   "delay-race",
		Rule:   "a time that is over while Poll runs is not missed",
		Source: "AtomicWaker of futures-rs: register, then check",
		Hint:   "between the look (\"is it over?\") and the step after it (\"then remember the waker\") the timer may fire on another goroutine, and find no waker: do both under one lock, or look once more after you have stored the waker",
		Check: func(t lesson.T, subject func() Delays) {
			for range 2000 {
				delays, w := subject(), new(Waker)
				d := delays.New(time.Second)
				turned := make(chan struct{})
				go func() {
					defer close(turned)
					delays.Advance(time.Second)
				}()
				_, ready := Poll(d, w)
				<-turned
				if !ready {
					// The timer may have been set too late for that Advance, and then for a
					// time that is a little late: no fault. But it must fire.
					delays.Advance(time.Second)
					require.NotZero(t, w.Wakes(), "the time was over while Poll was running; Poll returned pending, and the waker was never called: the task sleeps for ever")
				}
			}
		},
	},
}
