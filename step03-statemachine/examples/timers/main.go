// Command timers shows a heap of deadlines, and who looks at it.
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
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/timers", flag.ContinueOnError),
		"Shows what a runtime asks of its timers, and what they tell it.\n"+
			"Read beside it: step03-statemachine/timer/timers.go.")
	show(os.Stdout)
}

// A named is a waker that tells who is called.
type named struct {
	w    io.Writer
	name string
}

func (n *named) Wake() { fmt.Fprintf(n.w, "   wake %s\n", n.name) }

func show(w io.Writer) {
	now := time.Unix(0, 0)
	timers := timer.New(func() time.Time { return now }, func() {
		fmt.Fprintln(w, "   (the driver is woken: else it would sleep for too long)")
	})
	sleep := func(name string, d time.Duration) *timer.Sleep {
		s := timers.Sleep(d)
		fmt.Fprintf(w, "   %s sleeps for %v\n", name, d)
		s.Poll(future.NewContext(&named{w, name}))
		return s
	}
	next := func() {
		deadline, ok := timers.Next()
		if !ok {
			fmt.Fprintln(w, "   the driver may sleep for as long as it likes")
			return
		}
		fmt.Fprintf(w, "   the driver may sleep for %v; %d deadlines\n", deadline.Sub(now), timers.Len())
	}
	turn := func(d time.Duration) {
		now = now.Add(d)
		fmt.Fprintf(w, "   %v pass\n", d)
		for _, waker := range timers.Fire(nil) {
			waker.Wake()
		}
	}

	fmt.Fprintln(w, "1. Four Sleeps. Each that comes to be the first wakes the driver:")
	next()
	sleep("a", 3*time.Second)
	sleep("b", 5*time.Second)
	c := sleep("c", 1*time.Second)
	sleep("d", 3*time.Second)
	next()

	fmt.Fprintln(w, "2. c is cancelled. It leaves the heap now, not when its time is over:")
	c.Cancel()
	next()

	fmt.Fprintln(w, "3. One nanosecond too early nobody is woken:")
	turn(3*time.Second - 1)
	fmt.Fprintln(w, "4. In time. Equal deadlines come in the order in which they were registered:")
	turn(1)
	next()

	fmt.Fprintln(w, "5. Nobody looks for an hour. Late, but not lost:")
	turn(time.Hour)
	next()
}
