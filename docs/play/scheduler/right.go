package scheduler

import (
	"strconv"
	"time"

	"example.com/async/step03-statemachine/future"
)

// region counters

func counters(s *stage) {
	spawn(s, "left", &counter{say: s.say})
	spawn(s, "right", &counter{say: s.say})
}

// A counter counts to three, and lets the others go first each time.
type counter struct {
	n   int
	say func(string)
}

func (c *counter) Poll(cx *future.Context) (_ struct{}, ready bool) {
	c.n++
	c.say(strconv.Itoa(c.n))
	if c.n == 3 {
		return struct{}{}, true
	}
	cx.Waker().Wake() // it could go on at once: nobody else will wake it
	return
}

// endregion

// region hello

// hello is the chapter's DelayHello, beside a task that has something to do.
func hello(s *stage) {
	spawn(s, "hello", future.NewDelayHello(s.sleep(10*time.Millisecond), s.say))
	spawn(s, "other", &counter{say: s.say})
}

// endregion

// region breakfast

func breakfast(s *stage) {
	after := func(d time.Duration, what string) future.Future[struct{}] {
		return future.Map(s.sleep(d), func(struct{}) struct{} { s.say(what); return struct{}{} })
	}
	tea := after(10*time.Millisecond, "tea")
	toast := after(20*time.Millisecond, "toast")
	spawn(s, "breakfast", future.Join(tea, toast))
}

// endregion

// region letter

func letter(s *stage) {
	typed, sent := new(mailbox), new(mailbox)
	s.event("key", "the key is pressed", func() { typed.put("hi") })
	spawn(s, "sender", future.Map(typed, func(text string) struct{} { sent.put(text); return struct{}{} }))
	spawn(s, "receiver", future.Map(sent, func(text string) struct{} { s.say(text); return struct{}{} }))
}

// A mailbox takes one letter, from whoever, and is a Future of it. All of this runs on one
// thread, so it needs no lock.
type mailbox struct {
	letter string
	full   bool
	waker  future.Waker
}

func (m *mailbox) put(letter string) {
	m.letter, m.full = letter, true
	if m.waker != nil {
		m.waker.Wake()
	}
}

func (m *mailbox) Poll(cx *future.Context) (letter string, ready bool) {
	m.waker = cx.Waker()
	return m.letter, m.full
}

// endregion
