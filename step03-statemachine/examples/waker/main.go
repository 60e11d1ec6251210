// Command waker shows what a leaf Future does with the wakers that it is given.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/waker", flag.ContinueOnError),
		"Polls a Sleep with several wakers, and shows which of them is called.\n"+
			"Read beside it: step03-statemachine/timer/sleep.go.")
	show(os.Stdout)
}

// A bell is a waker that can be heard.
type bell struct {
	w    io.Writer
	name string
}

func (b *bell) Wake() { fmt.Fprintf(b.w, "   %s is called\n", b.name) }

func show(w io.Writer) {
	now := time.Unix(0, 0)
	timers := timer.New(func() time.Time { return now }, func() {})
	turn := func(d time.Duration) {
		now = now.Add(d)
		wakers := timers.Fire(nil)
		fmt.Fprintf(w, "   %v pass; wakers to call: %d\n", d, len(wakers))
		for _, waker := range wakers {
			waker.Wake() // the timers hold no lock here: a waker may do what it likes
		}
	}
	poll := func(s *timer.Sleep, waker future.Waker, name string) {
		_, ready := s.Poll(future.NewContext(waker))
		fmt.Fprintf(w, "   poll with %s: ready %v, timers set: %d\n", name, ready, timers.Len())
	}
	a, b := &bell{w, "waker A"}, &bell{w, "waker B"}

	fmt.Fprintln(w, "1. A Sleep is made. It does nothing before its first poll:")
	s := timers.Sleep(time.Second)
	fmt.Fprintf(w, "   timers set: %d\n", timers.Len())
	fmt.Fprintln(w, "2. It is polled by one task, then by another, as if it had moved; and once more for nothing:")
	poll(s, a, "A")
	poll(s, b, "B")
	poll(s, b, "B")
	fmt.Fprintln(w, "3. Half of the time is over, and then all of it. Only the last waker is called, once:")
	turn(time.Second / 2)
	turn(time.Second / 2)
	fmt.Fprintln(w, "4. The wake has said: polling is worth while. The value comes from the poll:")
	poll(s, b, "B")
	fmt.Fprintln(w, "5. Another one is cancelled in time. Its waker is forgotten:")
	s = timers.Sleep(time.Second)
	poll(s, a, "A")
	s.Cancel()
	turn(time.Second)
}
