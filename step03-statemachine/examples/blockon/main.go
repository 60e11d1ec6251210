// Command blockon runs single Futures on its own goroutine, with the smallest executor there is.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/blockon", flag.ContinueOnError),
		"Runs single Futures with BlockOn, and shows when it polls and when it sleeps.\n"+
			"Read beside it: step03-statemachine/executor/blockon.go, and the token in parker.go.")
	show(os.Stdout)
}

// A script is a Future that does something different in each poll. It is ready after the last.
type script struct {
	w     io.Writer
	polls []func(waker future.Waker)
	next  int
}

func (s *script) Poll(cx *future.Context) (polls int, ready bool) {
	s.next++
	if s.next > len(s.polls) {
		fmt.Fprintf(s.w, "   poll %d: ready\n", s.next)
		return s.next, true
	}
	fmt.Fprintf(s.w, "   poll %d: pending\n", s.next)
	s.polls[s.next-1](cx.Waker())
	return
}

func show(w io.Writer) {
	run := func(polls ...func(future.Waker)) {
		fmt.Fprintf(w, "   BlockOn returns %d\n", executor.BlockOn[int](&script{w: w, polls: polls}))
	}

	fmt.Fprintln(w, "1. Ready at once. BlockOn doesn't sleep:")
	run()

	fmt.Fprintln(w, "2. Another goroutine wakes it, later. BlockOn sleeps until then:")
	run(func(waker future.Waker) {
		go waker.Wake()
	})

	fmt.Fprintln(w, "3. Woken three times before the poll has returned: the token is kept, and leads to one more poll:")
	run(func(waker future.Waker) {
		waker.Wake()
		waker.Wake()
		waker.Wake()
	}, func(waker future.Waker) {
		fmt.Fprintln(w, "      the three wakes were one, so the next one has to come from elsewhere")
		go waker.Wake()
	})

	fmt.Fprintln(w, "4. BlockOn in a poll of BlockOn: while the inner one sleeps, the outer one cannot go on:")
	run(func(waker future.Waker) {
		executor.BlockOn[int](&script{w: w, polls: []func(future.Waker){
			func(inner future.Waker) { go inner.Wake() },
		}})
		waker.Wake()
	})
}
