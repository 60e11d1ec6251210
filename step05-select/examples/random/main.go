// Command random shows how select chooses when several cases are ready: at random. So the order in the
// source means nothing. Look at handle, which handles messages after it was told to stop, and at
// handleFirst, which does not.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/random", flag.ContinueOnError),
		"Counts which case a select takes when several are ready.\nRead beside it: its own main.go.")
	show(os.Stdout)
}

const rounds = 10_000

// draw lets a select choose between two channels that have a value in every round.
func draw() (first, second int) {
	a, b := full(rounds), full(rounds)
	for range rounds {
		select {
		case <-a:
			first++
		case <-b:
			second++
		}
	}
	return first, second
}

// handle shall handle messages until stop is closed. It returns how many it has handled.
func handle(messages <-chan int, stop <-chan struct{}) (handled int) {
	for {
		select {
		case <-stop: // stands first, and that means nothing
			return handled
		case <-messages:
			handled++
		}
	}
}

// handleFirst looks for the stop alone first. If stop and a message both come later, while the second select waits,
// that one may still take the message: one, and not more.
func handleFirst(messages <-chan int, stop <-chan struct{}) (handled int) {
	for {
		select {
		case <-stop:
			return handled
		default: // no stop yet
		}
		select {
		case <-stop:
			return handled
		case <-messages:
			handled++
		}
	}
}

func show(w io.Writer) {
	fmt.Fprintf(w, "1. Two cases, both ready in each of %d rounds:\n", rounds)
	first, second := draw()
	fmt.Fprintf(w, "   the first in the source  %s\n", share(first))
	fmt.Fprintf(w, "   the second               %s\n", share(second))

	fmt.Fprintf(w, "2. A loop that is told to stop while 3 messages wait, %d times. One is still handled in\n", rounds)
	fmt.Fprintf(w, "   stop stands first        %s\n", share(late(handle)))
	fmt.Fprintf(w, "   stop is looked for first %s\n", share(late(handleFirst)))
}

// late counts how often a loop handles something though it was told to stop before.
func late(loop func(<-chan int, <-chan struct{}) int) (times int) {
	stop := make(chan struct{})
	close(stop)
	for range rounds {
		if loop(full(3), stop) > 0 {
			times++
		}
	}
	return times
}

// full returns a channel in which n values wait.
func full(n int) <-chan int {
	c := make(chan int, n)
	for i := range n {
		c <- i
	}
	return c
}

// share says which part of the rounds n is, so roughly that it is the same every time.
func share(n int) string {
	switch percent := float64(n) * 100 / rounds; {
	case n == 0:
		return "none"
	case percent > 45 && percent < 55:
		return "between 45 and 55 % of the rounds"
	default:
		return fmt.Sprintf("%.1f %% of the rounds", percent)
	}
}
