// Command trysend shows select with a default: it does not wait. Look at what is lost when nobody is ready to receive, and
// at the signal channel, which has room for one and loses nothing that matters.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/trysend", flag.ContinueOnError),
		"Tries to send and to receive without waiting, and counts what is lost.\nRead beside it: its own main.go.")
	show(os.Stdout)
}

// trySend sends v if that needs no waiting, and reports whether it did.
func trySend[T any](c chan<- T, v T) bool {
	select {
	case c <- v:
		return true
	default:
		return false
	}
}

// tryReceive says what a receive would find now: a value, the end, or nothing yet.
func tryReceive(c <-chan int) string {
	select {
	case v, ok := <-c:
		if !ok {
			return "closed"
		}
		return fmt.Sprint("value ", v)
	default:
		return "nothing yet"
	}
}

// A mailbox is work and a signal that there is some. Only one goroutine uses it here; others would need
// a lock for letters.
type mailbox struct {
	letters []int
	signal  chan struct{}
}

// put never waits. If a signal is there already, it speaks for this letter as well.
func (m *mailbox) put(letter int) {
	m.letters = append(m.letters, letter)
	trySend(m.signal, struct{}{})
}

// signalled reports whether a receiver would be woken.
func (m *mailbox) signalled() bool {
	select {
	case <-m.signal:
		return true
	default:
		return false
	}
}

func show(w io.Writer) {
	fmt.Fprintln(w, "1. Five values for a channel with room for two, and nobody receives:")
	c := make(chan int, 2)
	for v := 1; v <= 5; v++ {
		fmt.Fprintf(w, "   try to send %d: %v\n", v, trySend(c, v))
	}
	fmt.Fprintln(w, "   The newest are lost, the oldest are kept.")

	fmt.Fprintln(w, "2. Try to receive:")
	fmt.Fprintln(w, "   "+tryReceive(c))
	fmt.Fprintln(w, "   "+tryReceive(c))
	fmt.Fprintln(w, "   "+tryReceive(c))
	close(c)
	fmt.Fprintln(w, "   "+tryReceive(c))

	three := func(room int) {
		m := &mailbox{signal: make(chan struct{}, room)}
		for letter := range 3 {
			m.put(letter)
		}
		fmt.Fprintf(w, "   letters: %d, signalled: %v, signalled again: %v\n", len(m.letters), m.signalled(), m.signalled())
	}
	fmt.Fprintln(w, "3. A mailbox gets three letters while its receiver is busy. The signal has no room:")
	three(0)
	fmt.Fprintln(w, "   The receiver will sleep, with three letters in the box.")
	fmt.Fprintln(w, "4. The signal has room for one:")
	three(1)
	fmt.Fprintln(w, "   One signal speaks for all three, since the letters are not in it.")
}
