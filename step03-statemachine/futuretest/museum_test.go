package futuretest

import (
	"sync"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// The Futures of this museum have one classic fault each. This file has the Delays; the others are
// in wrong_join_test.go, wrong_select_test.go, wrong_timeout_test.go and wrong_set_test.go.
func TestDelayMuseum(t *testing.T) {
	lesson.Museum(t, DelayCases(), []lesson.Wrong[func() Delays]{
		{
			Name: "starts its timer in the constructor", Case: "delay-lazy",
			Message: "a timer is set, and nobody has polled the Delay",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				d := newDelay(clock, length)
				d.waker = new(Waker)
				d.stop = clock.AfterFunc(length, d.fire)
				return d
			}),
		},
		{
			// The article's own: "simplified", it says, and it would sleep for ever.
			Name: "registers no waker", Case: "delay-wakes",
			Message: "this task would sleep for ever",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				deadline := clock.Now().Add(length)
				return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
					return struct{}{}, !clock.Now().Before(deadline)
				})
			}),
		},
		{
			Name: "takes its second poll for the end", Case: "delay-never-early",
			Message: "the Delay was ready before its time",
			Subject: wrongDelay(func(d *delay) future.Func[struct{}] {
				return func(cx *future.Context) (_ struct{}, ready bool) {
					if d.stop != nil {
						return struct{}{}, true
					}
					return d.Poll(cx)
				}
			}),
		},
		{
			Name: "asks to be polled until its time is over", Case: "delay-quiet",
			Message: "keeps the processor busy",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				deadline := clock.Now().Add(length)
				return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
					if ready = !clock.Now().Before(deadline); !ready {
						cx.Waker().Wake()
					}
					return
				})
			}),
		},
		{
			Name: "keeps the waker of its first poll", Case: "delay-last-waker",
			Message: "a Delay that moves to another task is forgotten",
			Subject: wrongDelay(func(d *delay) future.Func[struct{}] {
				return func(cx *future.Context) (_ struct{}, ready bool) {
					if d.waker != nil {
						cx = future.NewContext(d.waker)
					}
					return d.Poll(cx)
				}
			}),
		},
		{
			Name: "sets a timer in each poll", Case: "delay-one-timer",
			Message: "timers set by one Delay that was polled 100 times",
			Subject: wrongDelay(func(d *delay) future.Func[struct{}] {
				return func(cx *future.Context) (_ struct{}, ready bool) {
					d.stop = nil
					return d.Poll(cx)
				}
			}),
		},
		{
			Name: "counts from its first poll", Case: "delay-counts-from-new",
			Message: "at its first Poll it is pending",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				d := &delay{clock: clock}
				return cancellable[struct{}]{cancel: d.Cancel, Func: func(cx *future.Context) (_ struct{}, ready bool) {
					if d.stop == nil {
						d.deadline = clock.Now().Add(length)
					}
					return d.Poll(cx)
				}}
			}),
		},
		{
			Name: "has no Cancel", Case: "delay-cancel",
			Message: "its timer is still set",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				return future.Func[struct{}](newDelay(clock, length).Poll)
			}),
		},
		{
			Name: "stops a timer that it has not set", Case: "delay-cancel-unpolled",
			Message: "a Delay that was never polled was cancelled, and panicked",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				d := newDelay(clock, length)
				return cancellable[struct{}]{Func: d.Poll, cancel: func() { d.stop() }}
			}),
		},
		{
			Name: "is ready for ever", Case: "delay-over",
			Message: "Its owner has lost count",
			Subject: wrongDelay(func(d *delay) future.Func[struct{}] {
				return func(cx *future.Context) (_ struct{}, ready bool) {
					if d.over {
						return struct{}{}, true
					}
					return d.Poll(cx)
				}
			}),
		},
		{
			Name: "sleeps in Poll", Case: "delay-never-blocks",
			Message: "Poll waits for something instead of returning pending",
			Subject: OnClock(func(_ *Clock, length time.Duration) future.Future[struct{}] {
				return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
					time.Sleep(length)
					return struct{}{}, true
				})
			}),
		},
		{
			Name: "looks, and then remembers the waker", Case: "delay-race",
			Message: "the waker was never called: the task sleeps for ever",
			Subject: OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
				return &twoSteps{clock: clock, deadline: clock.Now().Add(length)}
			}),
		},
	}, lesson.JudgeInBubble[func() Delays])
}

// wrongDelay puts another Poll in front of a delay's.
func wrongDelay(poll func(d *delay) future.Func[struct{}]) func() Delays {
	return OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
		d := newDelay(clock, length)
		return cancellable[struct{}]{Func: poll(d), cancel: d.Cancel}
	})
}

// A twoSteps takes its lock twice in Poll, and between the steps the timer may fire. Each step
// by itself is safe, and the race detector has nothing to say.
type twoSteps struct {
	clock    *Clock
	deadline time.Time
	stop     func() bool
	over     bool

	mu    sync.Mutex
	fired bool
	waker future.Waker
}

func (d *twoSteps) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if d.over {
		panic(future.PolledAfterReady)
	}
	d.mu.Lock()
	d.over = d.fired || !d.clock.Now().Before(d.deadline)
	d.mu.Unlock()
	if d.over {
		return struct{}{}, true
	}
	if d.stop == nil {
		d.stop = d.clock.AfterFunc(d.deadline.Sub(d.clock.Now()), d.fire)
	}
	// If the timer fires here, it finds no waker. It will not fire again.
	d.mu.Lock()
	d.waker = cx.Waker()
	d.mu.Unlock()
	return
}

func (d *twoSteps) fire() {
	d.mu.Lock()
	d.fired = true
	w := d.waker
	d.mu.Unlock()
	if w != nil {
		w.Wake()
	}
}

func (d *twoSteps) Cancel() {
	if d.stop != nil {
		d.stop()
	}
}

// A cancellable is a Future made of functions.
type cancellable[T any] struct {
	future.Func[T]
	cancel func()
}

func (c cancellable[T]) Cancel() { c.cancel() }
