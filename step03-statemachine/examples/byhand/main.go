// Command byhand polls a Future by hand: no executor, no goroutine, so that all that happens can be
// seen.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/future"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/byhand", flag.ContinueOnError),
		"Polls a Future by hand, too early, in time, and once too often.\nRead beside it: step03-statemachine/future/future.go.")
	show(os.Stdout)
}

// A mailbox is a Future of a letter. It is used by one goroutine only, so it needs no lock.
type mailbox struct {
	letter      string
	full, empty bool         // the letter has come; it was taken out
	waker       future.Waker // of the last Poll
}

// Poll takes the letter out, or keeps whom to tell when it comes.
func (m *mailbox) Poll(cx *future.Context) (letter string, ready bool) {
	if m.empty {
		panic(future.PolledAfterReady)
	}
	m.waker = cx.Waker()
	if !m.full {
		return // pending: letter is "", ready is false
	}
	m.empty = true
	return m.letter, true
}

// deliver is the other end: whoever makes a Future worth polling wakes.
func (m *mailbox) deliver(letter string) {
	m.letter, m.full = letter, true
	if m.waker != nil {
		m.waker.Wake()
	}
}

// A bell is a waker that can be heard.
type bell struct {
	w    io.Writer
	name string
}

func (b *bell) Wake() { fmt.Fprintf(b.w, "   %s: wake\n", b.name) }

func show(w io.Writer) {
	box := new(mailbox)
	poll := func(waker *bell) {
		letter, ready := box.Poll(future.NewContext(waker))
		fmt.Fprintf(w, "   poll with %s: letter %q, ready %v\n", waker.name, letter, ready)
	}
	first, second := &bell{w, "first bell"}, &bell{w, "second bell"}

	fmt.Fprintln(w, "1. Nothing has come yet:")
	poll(first)
	fmt.Fprintln(w, "2. Nobody has called the waker. Polling again is no error, it is only too early:")
	poll(second)
	fmt.Fprintln(w, "3. The letter comes. The waker of the last poll counts:")
	box.deliver("hello")
	fmt.Fprintln(w, "4. Now polling is worth while:")
	poll(second)
	fmt.Fprintln(w, "5. Its value is gone. Whoever polls once more has lost count:")
	defer func() { fmt.Fprintf(w, "   panic: %v\n", recover()) }()
	poll(second)
}
