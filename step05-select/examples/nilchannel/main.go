// Command nilchannel shows the switch of a select: the case of a nil channel is never ready. Look at the line that sets a
// channel to nil in merge, at what happens without it in spin, and at queue, which switches a
// send on and off.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/nilchannel", flag.ContinueOnError),
		"Switches cases of a select off and on, by nil channels.\nRead beside it: its own main.go.")
	show(os.Stdout)
}

// merge takes what both channels give, until both are closed. idle counts the rounds that brought
// nothing: one for each channel, when it ends.
func merge(a, b <-chan int) (values, idle int) {
	for a != nil || b != nil {
		select {
		case _, ok := <-a:
			if !ok {
				a = nil // this case is off from now on
				idle++
				continue
			}
		case _, ok := <-b:
			if !ok {
				b = nil
				idle++
				continue
			}
		}
		values++
	}
	return values, idle
}

// patience is when spin gives up. Without that it would keep a processor busy as long as one of the
// channels is open.
const patience = 1000

// spin leaves the case of a closed channel on: it is ready in each round, and brings nothing.
func spin(a, b <-chan int) (values, idle int) {
	for aOpen, bOpen := true, true; (aOpen || bOpen) && idle < patience; {
		var ok bool
		select {
		case _, ok = <-a:
			aOpen = ok
		case _, ok = <-b:
			bOpen = ok
		}
		if ok {
			values++
		} else {
			idle++
		}
	}
	return values, idle
}

// room is how many values a queue holds.
const room = 3

// queue passes on what in gives, in order, and closes out behind it. It never receives more than it
// has room for, and never sends what it does not have: each case is on when it makes sense.
func queue(in <-chan int, out chan<- int) {
	defer close(out)
	var waiting []int
	for in != nil || len(waiting) > 0 {
		receive := in
		if len(waiting) == room {
			receive = nil
		}
		var send chan<- int
		var next int
		if len(waiting) > 0 {
			send, next = out, waiting[0]
		}
		select {
		case v, ok := <-receive:
			if !ok {
				in = nil
				continue
			}
			waiting = append(waiting, v)
		case send <- next:
			waiting = waiting[1:]
		}
	}
}

func show(w io.Writer) {
	fmt.Fprintln(w, "1. a gives two values and is closed. b gives one, is silent, and gives another at the end.")
	a, b := channels()
	go func() {
		b <- 4
		close(b)
	}()
	values, idle := merge(a, b)
	fmt.Fprintf(w, "   a closed channel is set to nil: %d values, %d rounds that brought nothing\n", values, idle)

	a, b = channels()
	values, idle = spin(a, b)
	fmt.Fprintf(w, "   it is not: %d values, %d rounds that brought nothing, and then it gave up\n", values, idle)

	fmt.Fprintf(w, "2. A queue with room for %d. Nobody receives yet:\n", room)
	in, out := make(chan int), make(chan int)
	go queue(in, out)
	for v := range room {
		in <- v
	}
	fmt.Fprintf(w, "   it has taken %d values\n", room)
	go func() {
		in <- room // waits until the first value has left
		close(in)
	}()
	fmt.Fprint(w, "   received:")
	for v := range out {
		fmt.Fprint(w, " ", v)
	}
	fmt.Fprintln(w)
}

// channels returns one that gives two values and is closed, and one that has given one value so
// far.
func channels() (a, b chan int) {
	a, b = make(chan int, 2), make(chan int, 1)
	a <- 1
	a <- 2
	close(a)
	b <- 3
	return a, b
}
