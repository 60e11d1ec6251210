// Command lostdelay runs the article's Delay, which keeps no waker, and finds out why it never
// ends.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/lostdelay", flag.ContinueOnError),
		"Runs the article's Delay, which never ends, and finds out why.\nRead beside it: its own main.go, and examples/waker.")
	show(os.Stdout)
}

// An articleDelay is ready at its time: so says the clock. Its Poll breaks the contract: it
// returns pending, and nobody will ever call the waker.
type articleDelay struct{ when time.Time }

func (d articleDelay) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if time.Now().Before(d.when) {
		return // pending. And cx.Waker()?
	}
	return struct{}{}, true
}

// A witness counts the polls of another Future, and keeps the waker of the last one.
type witness struct {
	f     future.Future[struct{}]
	polls atomic.Int32
	waker atomic.Value
}

func (s *witness) Poll(cx *future.Context) (_ struct{}, ready bool) {
	s.polls.Add(1)
	s.waker.Store(cx.Waker())
	return s.f.Poll(cx)
}

const (
	delay    = 10 * time.Millisecond
	patience = 500 * time.Millisecond
)

func show(w io.Writer) {
	watched := &witness{f: articleDelay{when: time.Now().Add(delay)}}
	done := make(chan struct{})
	go func() {
		executor.BlockOn(watched)
		close(done)
	}()

	select {
	case <-done:
		fmt.Fprintln(w, "It has ended. This was not to be expected.")
		return
	case <-time.After(patience):
	}
	fmt.Fprintf(w, "A delay of %v has not ended after %v.\n", delay, patience)
	fmt.Fprintf(w, "It was polled %d time, too early, and said: pending. BlockOn sleeps until the waker is called.\n", watched.polls.Load())
	fmt.Fprintln(w, "Nobody will: the Delay has not kept the waker, so nobody knows it.")

	fmt.Fprintln(w, "Now the waker is called by hand.")
	watched.waker.Load().(future.Waker).Wake()
	<-done
	fmt.Fprintf(w, "It was polled %d times, and has ended: the time was over long ago.\n", watched.polls.Load())
}
