package lostwake

import "example.com/async/step03-statemachine/future"

// A BrokenCell is how one task hears that there is news, from others that run at the same time. They
// call Notify after they have brought the news. The task polls, and looks for
// news when Poll is ready. It works, nearly always.
type BrokenCell struct {
	note Note
	slot Slot
}

// NewBroken returns a BrokenCell. before is called before each step.
func NewBroken(before func(step string)) *BrokenCell {
	return &BrokenCell{note: Note{before: before}, slot: Slot{before: before}}
}

// Notify says that there is news.
func (c *BrokenCell) Notify() {
	c.note.Leave()
	if waker := c.slot.Take(); waker != nil {
		waker.Wake()
	}
}

// Poll is ready if there was news since it was last ready.
func (c *BrokenCell) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if c.note.Take() {
		return struct{}{}, true
	}
	c.slot.Put(cx.Waker())
	return
}
