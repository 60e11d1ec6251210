package delay

import (
	"sync"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

type delaysFunc = func() futuretest.Delays

func TestExercise(t *testing.T) {
	answer := futuretest.OnClock(func(clock *futuretest.Clock, d time.Duration) future.Future[struct{}] { return New(clock, d) })
	lesson.Grade(t, futuretest.DelayCases(), answer, lesson.JudgeInBubble[delaysFunc])
}

// What the wrong answers below are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, futuretest.DelayCases(), wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, futuretest.DelayCases(), []lesson.Wrong[delaysFunc]{
		{
			Name: "the article's: nobody is woken", Case: "delay-wakes",
			Message: "this task would sleep for ever",
			Subject: wrong(fault{noTimer: true}),
		},
		{
			Name: "sets the timer when it is made", Case: "delay-lazy",
			Message: "nobody has polled the Delay",
			Subject: wrong(fault{eager: true}),
		},
		{
			Name: "believes that who polls again was woken by the timer", Case: "delay-never-early",
			Message: "the Delay was ready before its time",
			Subject: wrong(fault{readyAtSecondPoll: true}),
		},
		{
			Name: "wakes itself until the time is over", Case: "delay-quiet",
			Message: "keeps the processor busy",
			Subject: wrong(fault{noTimer: true, wakesItself: true}),
		},
		{
			Name: "keeps the first Poll's waker", Case: "delay-last-waker",
			Message: "a Delay that moves to another task is forgotten",
			Subject: wrong(fault{firstWaker: true}),
		},
		{
			Name: "sets a timer in each Poll", Case: "delay-one-timer",
			Message: "timers set by one Delay that was polled 100 times",
			Subject: wrong(fault{timerEachPoll: true}),
		},
		{
			Name: "counts from the first Poll", Case: "delay-counts-from-new",
			Message: "at its first Poll it is pending",
			Subject: wrong(fault{fromFirstPoll: true}),
		},
		{
			Name: "has an empty Cancel", Case: "delay-cancel",
			Message: "its timer is still set",
			Subject: wrong(fault{noCancel: true}),
		},
		{
			Name: "stops a timer that was never set", Case: "delay-cancel-unpolled",
			Message: "and panicked",
			Subject: wrong(fault{stopsNil: true}),
		},
		{
			Name: "is ready again and again", Case: "delay-over",
			Message: "the Delay",
			Subject: wrong(fault{readyAgain: true}),
		},
		{
			Name: "waits for the timer in Poll", Case: "delay-never-blocks",
			Message: "Poll waits for something",
			Subject: wrong(fault{blocks: true}),
		},
		{
			Name: "looks whether it is over, then remembers the waker", Case: "delay-race",
			Message: "the waker was never called",
			Subject: wrong(fault{looksFirst: true}),
		},
	}, lesson.JudgeInBubble[delaysFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	noTimer, eager, readyAtSecondPoll, wakesItself, firstWaker, timerEachPoll bool
	fromFirstPoll, noCancel, stopsNil, readyAgain, blocks, looksFirst         bool
}

func wrong(f fault) delaysFunc {
	return futuretest.OnClock(func(clock *futuretest.Clock, length time.Duration) future.Future[struct{}] {
		d := &answer{fault: f, clock: clock, deadline: clock.Now().Add(length)}
		if d.eager {
			d.set(length)
		}
		return d
	})
}

// An answer is right but for its fault. It looks at the clock in each Poll; the timer only wakes.
type answer struct {
	fault
	clock    Clock
	deadline time.Time
	stop     func() bool
	polls    int
	ended    bool

	mu    sync.Mutex
	waker future.Waker
}

func (d *answer) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if d.ended && !d.readyAgain {
		panic(future.PolledAfterReady)
	}
	if d.polls++; d.polls == 1 && d.fromFirstPoll {
		d.deadline = d.clock.Now().Add(time.Second)
	}
	left := d.deadline.Sub(d.clock.Now())
	if left <= 0 {
		d.ended = true
		return struct{}{}, true
	}
	switch {
	case d.readyAtSecondPoll && d.polls > 1:
		d.ended = true
		return struct{}{}, true
	case d.wakesItself:
		cx.Waker().Wake()
		return
	case d.noTimer:
		return
	case d.blocks:
		over := make(chan struct{})
		d.clock.AfterFunc(left, func() { close(over) })
		<-over
		return struct{}{}, true
	case d.looksFirst && d.stop == nil:
		d.set(left)
		d.clock.Now() // what else there is to do: time passes
	}
	d.mu.Lock()
	if d.waker == nil || !d.firstWaker {
		d.waker = cx.Waker()
	}
	d.mu.Unlock()
	if d.stop == nil || d.timerEachPoll {
		d.set(left)
	}
	return
}

func (d *answer) set(left time.Duration) {
	d.stop = d.clock.AfterFunc(left, func() {
		d.mu.Lock()
		waker := d.waker
		d.mu.Unlock()
		if waker != nil {
			waker.Wake()
		}
	})
}

func (d *answer) Cancel() {
	if d.noCancel || d.stop == nil && !d.stopsNil {
		return
	}
	d.stop()
}
