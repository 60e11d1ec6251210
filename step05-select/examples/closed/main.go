// Command closed shows what closing a channel does to those who receive from it, and to those who send. Look at
// waiters: one close wakes all of them, a send wakes one.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/closed", flag.ContinueOnError),
		"Closes channels, and shows who is woken and who panics.\nRead beside it: its own main.go.")
	show(os.Stdout)
}

const many = 5

// waiters starts goroutines that wait for a signal each. Each reports whether it was woken by a value: if
// not, the channel was closed.
func waiters(signal <-chan struct{}) (woken <-chan bool) {
	reports := make(chan bool)
	for range many {
		go func() {
			select {
			case _, byValue := <-signal:
				reports <- byValue
			case <-make(chan int): // something that does not come
			}
		}()
	}
	return reports
}

// attempt says what came of f.
func attempt(f func()) (outcome string) {
	defer func() {
		if r := recover(); r != nil {
			outcome = fmt.Sprintf("panic: %v", r)
		}
	}()
	f()
	return "nothing happens"
}

func show(w io.Writer) {
	fmt.Fprintln(w, "1. A channel is closed while a value is in it. That one comes first; then zero values, for ever:")
	numbers := make(chan int, 1)
	numbers <- 7
	close(numbers)
	for range 3 {
		number, ok := <-numbers
		fmt.Fprintf(w, "   received: %d, %v\n", number, ok)
	}

	fmt.Fprintf(w, "2. %d goroutines wait for the same channel.\n", many)
	signal := make(chan struct{})
	woken := waiters(signal)
	signal <- struct{}{}
	fmt.Fprintf(w, "   one send: 1 of them is woken, by a value: %v\n", <-woken)
	close(signal)
	left := many - 1
	for range left {
		if byValue := <-woken; byValue {
			fmt.Fprintln(w, "   a second value. This was not to be expected.")
		}
	}
	fmt.Fprintf(w, "   one close: the other %d are woken\n", left)

	fmt.Fprintln(w, "3. For those who send it is the end:")
	closed, full := make(chan int, 1), make(chan int)
	close(closed)
	fmt.Fprintln(w, "   a send:", attempt(func() { closed <- 1 }))
	fmt.Fprintln(w, "   a send in a select with a default:", attempt(func() {
		select {
		case closed <- 1:
		default:
		}
	}))
	fmt.Fprintln(w, "   a second close:", attempt(func() { close(closed) }))
	fmt.Fprintln(w, "   for comparison, a select with a default, on an open channel from which nobody receives:", attempt(func() {
		select {
		case full <- 1:
		default:
		}
	}))
}
