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

// A counter counts to three, and lets the others go
// first each time.
type counter struct {
	n   int
	say func(string)
}

func (c *counter) Poll(
	cx *future.Context,
) (_ struct{}, ready bool) {
	c.n++
	c.say(strconv.Itoa(c.n))
	if c.n == 3 {
		return struct{}{}, true
	}
	cx.Waker().Wake() // nobody else would
	return
}

// endregion

// region hello

// hello is the chapter's DelayHello, beside a task that
// has something to do.
func hello(s *stage) {
	clock := s.sleep(10 * time.Millisecond)
	spawn(s, "hello", future.NewDelayHello(clock, s.say))
	spawn(s, "other", &counter{say: s.say})
}

// endregion

// region breakfast

func breakfast(s *stage) {
	const ms = time.Millisecond
	tea := future.Map(s.sleep(10*ms), served(s, "tea"))
	toast := future.Map(s.sleep(20*ms), served(s, "toast"))
	spawn(s, "breakfast", future.Join(tea, toast))
}

// served says what is there.
func served(s *stage, what string) func(struct{}) string {
	return func(struct{}) string {
		s.say(what)
		return what
	}
}

// endregion

// region letter

func letter(s *stage) {
	typed, sent := new(mailbox), new(mailbox)
	s.event("key", "the key is pressed", func() {
		typed.put("hi")
	})
	send := func(text string) bool {
		sent.put(text)
		return true
	}
	read := func(text string) bool {
		s.say(text)
		return true
	}
	spawn(s, "sender", future.Map(typed, send))
	spawn(s, "receiver", future.Map(sent, read))
}

// A mailbox takes one letter, and is a Future of it. All
// of this runs on one thread, so it needs no lock.
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

func (m *mailbox) Poll(
	cx *future.Context,
) (letter string, ready bool) {
	m.waker = cx.Waker() // register, then look
	return m.letter, m.full
}

// endregion
