//go:build !solution

package lostwake

import (
	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A Cell is a BrokenCell without its fault. It may be polled again after it was
// ready: for the next news.
type Cell struct {
	note Note
	slot Slot
}

// New returns a Cell. before is called before each step.
func New(before func(step string)) *Cell {
	return &Cell{note: Note{before: before}, slot: Slot{before: before}}
}

// Notify says that there is news, and wakes the task if it waits. It may be called by several at the same time.
func (c *Cell) Notify() {
	panic(lesson.ErrNotStarted)
}

// Poll is ready if there was news since it was last ready: often once for several calls of Notify. Else the
// waker of this Poll is called when there is some. Only one task polls.
func (c *Cell) Poll(cx *future.Context) (_ struct{}, ready bool) {
	panic(lesson.ErrNotStarted)
}
