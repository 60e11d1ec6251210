package lostwake

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// A cell is what is judged.
type cell interface {
	future.Future[struct{}]
	Notify()
}

type newFunc func(before func(step string)) cell

func TestExercise(t *testing.T) {
	newCell := func(before func(step string)) cell { return New(before) }
	lesson.Grade(t, cases, newCell, lesson.JudgeInBubble[newFunc])
}

// The order that it logs is what the exercise is about.
func TestBroken_losesAWakeUp(t *testing.T) {
	newCell := func(before func(step string)) cell { return NewBroken(before) }
	failure, stats := explore.Search(explore.Limits{}, news(newCell, 1, 1))
	require.NotNil(t, failure)
	t.Logf("order %d of the steps: %v", stats.Orders, failure)
	require.NotNil(t, explore.Replay(failure.Schedule, news(newCell, 1, 1)), "the schedule brings it about again")
}

var cases = []lesson.Case[newFunc]{
	{
		Name: "note-kept", Rule: "news that came when nobody waited is there at the next Poll, once", Source: "tokio::sync::Notify",
		Hint: "Take reports whether there was a note, and takes it away, in one step",
		Check: func(t lesson.T, newCell newFunc) {
			c, w := newCell(noStep), new(futuretest.Waker)
			c.Notify()
			c.Notify()
			require.True(t, ready(c, w), "there was news before the first Poll")
			require.False(t, ready(c, w), "what a Poll was ready for is no news to the next")
		},
	},
	{
		Name: "wakes", Rule: "Notify wakes the task that waits", Source: "future.Waker",
		Hint: "the waker is in the slot: Notify takes it out and calls it",
		Check: func(t lesson.T, newCell newFunc) {
			c, w := newCell(noStep), new(futuretest.Waker)
			for range 3 {
				require.False(t, ready(c, w), "there is no news, or no more")
				c.Notify()
				require.True(t, w.Woken(), "the task waits, and Notify has not woken it")
				require.True(t, ready(c, w), "the task was woken for news, and there is none")
			}
		},
	},
	{
		Name: "last-waker", Rule: "the waker of the most recent Poll is called", Source: "future.Future",
		Hint: "put the waker into the slot in each Poll: perhaps another task polls now",
		Check: func(t lesson.T, newCell newFunc) {
			c, first, last := newCell(noStep), new(futuretest.Waker), new(futuretest.Waker)
			ready(c, first)
			ready(c, last)
			c.Notify()
			require.True(t, last.Woken(), "the waker of the last Poll was not called")
		},
	},
	{
		Name: "quiet", Rule: "nobody is woken without news", Source: "future.Waker",
		Hint: "a task that wakes itself misses nothing, and never rests",
		Check: func(t lesson.T, newCell newFunc) {
			c, w := newCell(noStep), new(futuretest.Waker)
			ready(c, w)
			ready(c, w)
			require.Zero(t, w.Wakes(), "there was no news, but so many wakes")
		},
	},
	{
		Name: "one-notify", Rule: "a Notify at any moment of a Poll is not lost", Source: "futures::task::AtomicWaker: register, then check",
		Hint:  "read the order from top to bottom: where would your Poll have to look once more?",
		Check: func(t lesson.T, newCell newFunc) { explores(t, news(newCell, 1, 1)) },
	},
	{
		Name: "many-notifies", Rule: "nor is any of several, in any order", Source: "futures::task::AtomicWaker",
		Hint: "who is woken and polls again may be overtaken once more",
		Check: func(t lesson.T, newCell newFunc) {
			explores(t, news(newCell, 1, 3))
			explores(t, news(newCell, 2, 1))
		},
	},
	{
		Name: "another-poll", Rule: "nor if somebody polls who was not woken", Source: "future.Future",
		Hint: "a Poll that isn't ready must leave its waker in the slot, also if there was one before",
		Check: func(t lesson.T, newCell newFunc) {
			explores(t, func(w *explore.World) {
				c := newCell(w.Point)
				brought := false
				var last token
				w.Go("task", func() {
					var first token
					if !brought && !ready(c, &first) && !ready(c, &last) {
						w.Wait("woken", func() bool { return bool(last) })
					}
				})
				w.Go("other", func() {
					w.Point("bring news")
					brought = true
					c.Notify()
				})
			})
		},
	},
}

// news is a program: threads bring news, each several times, and call Notify. A task looks for news when
// Poll is ready, until it has seen the latest, and waits to be woken in between.
func news(newCell newFunc, threads, times int) explore.Program {
	return func(w *explore.World) {
		c := newCell(w.Point)
		brought := 0
		w.Go("task", func() {
			var woken token
			for seen := 0; seen < threads*times; {
				woken = false
				if ready(c, &woken) {
					w.Point("look for news")
					seen = brought
					continue
				}
				w.Wait("woken", func() bool { return bool(woken) })
			}
		})
		for i := range threads {
			w.Go([]string{"other", "third"}[i], func() {
				for range times {
					w.Point("bring news")
					brought++
					c.Notify()
				}
			})
		}
	}
}

// explores tries all orders with up to 2 preemptions.
func explores(t lesson.T, program explore.Program) {
	t.Helper()
	if failure, stats := explore.Search(explore.Limits{Preemptions: 2, Steps: 200}, program); failure != nil {
		t.Errorf("it goes wrong in order %d of the steps: %v", stats.Orders, failure)
		t.FailNow()
	}
}

// A token is the waker of a task that remembers that it was woken.
type token bool

func (t *token) Wake() { *t = true }

func noStep(string) {}

func ready(c cell, w future.Waker) bool {
	_, isReady := c.Poll(future.NewContext(w))
	return isReady
}

// What the wrong answers below are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[newFunc]{
		{
			Name: "leaves a note only if nobody waits", Case: "wakes",
			Message: "the task was woken for news, and there is none",
			Subject: wrong(fault{noteOrWake: true}),
		},
		{
			Name: "leaves the note where it is", Case: "note-kept",
			Message: "is no news to the next",
			Subject: wrong(fault{keepsNote: true}),
		},
		{
			Name: "keeps the first waker", Case: "last-waker",
			Message: "the waker of the last Poll was not called",
			Subject: wrong(fault{firstWaker: true}),
		},
		{
			Name: "polls again and again", Case: "quiet",
			Message: "there was no news, but so many wakes",
			Subject: wrong(fault{wakesItself: true}),
		},
		{
			Name: "looks, then registers", Case: "one-notify",
			Message: `lost wake-up: task waits for "woken"`,
			Subject: wrong(fault{looksFirst: true}),
		},
		{
			Name: "looks twice, then registers", Case: "one-notify",
			Message: `lost wake-up: task waits for "woken"`,
			Subject: wrong(fault{looksFirst: true, looksTwice: true}),
		},
		{
			Name: "wakes, then leaves the note", Case: "one-notify",
			Message: `lost wake-up: task waits for "woken"`,
			Subject: wrong(fault{wakesFirst: true}),
		},
		{
			Name: "registers once, in its first Poll", Case: "many-notifies",
			Message: `lost wake-up: task waits for "woken"`,
			Subject: wrong(fault{registersOnce: true}),
		},
		{
			Name: "clears the slot when it goes", Case: "another-poll",
			Message: `lost wake-up: task waits for "woken"`,
			Subject: wrong(fault{everyOther: true}),
		},
	}, lesson.JudgeInBubble[newFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	noteOrWake, keepsNote, firstWaker, wakesItself, looksFirst, looksTwice, wakesFirst, registersOnce, everyOther bool
}

func wrong(f fault) newFunc {
	return func(before func(step string)) cell {
		return &answer{fault: f, note: Note{before: before}, slot: Slot{before: before}}
	}
}

// An answer is right but for its fault.
type answer struct {
	fault
	note  Note
	slot  Slot
	polls int
}

func (c *answer) Notify() {
	if !c.wakesFirst && !c.noteOrWake {
		c.note.Leave()
	}
	waker := c.slot.Take()
	if waker != nil {
		waker.Wake()
	}
	if c.wakesFirst || c.noteOrWake && waker == nil {
		c.note.Leave()
	}
}

func (c *answer) Poll(cx *future.Context) (_ struct{}, ready bool) {
	c.polls++
	if c.looksFirst {
		if c.note.Take() || c.looksTwice && c.note.Take() {
			return struct{}{}, true
		}
		c.slot.Put(cx.Waker())
		return
	}
	switch {
	case c.firstWaker:
		if was := c.slot.Take(); was != nil {
			c.slot.Put(was)
			break
		}
		c.slot.Put(cx.Waker())
	case c.registersOnce && c.polls > 1:
	case c.everyOther && c.polls%2 == 0:
		c.slot.Take()
	default:
		c.slot.Put(cx.Waker())
	}
	if c.wakesItself {
		cx.Waker().Wake()
	}
	ready = c.note.Take()
	if c.keepsNote && ready {
		c.note.Leave()
	}
	return struct{}{}, ready
}
