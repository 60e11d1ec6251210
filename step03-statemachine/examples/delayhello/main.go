// Command delayhello runs the article's first async function as a state machine, poll by poll, and
// as a goroutine.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"
	"unsafe"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/delayhello", flag.ContinueOnError),
		"Runs one function as a state machine, poll by poll, and as a goroutine.\n"+
			"Read beside it: step03-statemachine/future/delayhello.go.")
	show(os.Stdout)
}

// delayHello is the function as it would be written for a goroutine: it may block.
func delayHello(clock <-chan time.Time, say func(string)) {
	say("wait for it")
	<-clock // (1)
	say("hello")
}

const delay = 10 * time.Millisecond

func show(w io.Writer) {
	say := func(text string) { fmt.Fprintf(w, "      says: %s\n", text) }

	fmt.Fprintln(w, "The state machine:")
	manual := executor.NewManual(nil) // a clock that stands still until it is turned
	hello := future.NewDelayHello(manual.Sleep(delay), say)
	task := executor.Spawn(manual, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		before := hello.String()
		_, ready = hello.Poll(cx)
		fmt.Fprintf(w, "   poll: %s -> %s, ready %v\n", before, hello, ready)
		return struct{}{}, ready
	}))
	manual.RunUntilStalled()
	fmt.Fprintf(w, "   nothing to poll: %d tasks in the queue, %d timer set\n", len(manual.Queue()), manual.Timers().Len())
	manual.Advance(delay)
	fmt.Fprintf(w, "   %v have passed: %d task in the queue\n", delay, len(manual.Queue()))
	manual.RunUntilStalled()
	fmt.Fprintf(w, "   done: %v\n", task.Done())

	fmt.Fprintln(w, "The goroutine:")
	done := make(chan struct{})
	go func() {
		defer close(done)
		delayHello(time.After(delay), say)
	}()
	<-done

	fmt.Fprintf(w, "While it waits, the machine takes %d bytes; a goroutine's stack has 2048 at least.\n",
		unsafe.Sizeof(future.DelayHello{}))
}
