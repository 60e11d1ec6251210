// Command coroutine runs the article's first async function as a state machine, as a coroutine and as
// a goroutine, and then cancels a coroutine while it waits.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/executor"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/coroutine", flag.ContinueOnError),
		"Runs one function as a state machine, as a coroutine and as a goroutine.\n"+
			"Read beside it: hello.go in its folder. What each costs:\n"+
			"  go test -run=NONE -bench=. ./step03-statemachine/examples/coroutine")
	show(os.Stdout)
}

// delay is how long each version waits.
const delay = 100 * time.Millisecond

func show(w io.Writer) {
	say := func(text string) { fmt.Fprintf(w, "     %s\n", text) }
	rt := executor.New(executor.Config{})
	defer rt.Shutdown()

	fmt.Fprintln(w, "1. A state machine, polled:")
	executor.BlockOn(helloEnum(rt.Sleep(delay), say))

	fmt.Fprintln(w, "2. A coroutine, polled as well:")
	executor.BlockOn(helloCoroutine(rt.Sleep(delay), say))

	fmt.Fprintln(w, "3. A goroutine, which Go's scheduler runs:")
	clock := make(chan struct{})
	time.AfterFunc(delay, func() { close(clock) })
	<-helloGoroutine(clock, say)

	fmt.Fprintln(w, "4. A coroutine that would wait for an hour, aborted after a while:")
	waits := make(chan struct{})
	task := executor.Spawn(rt, coroutine.New(func(co *coroutine.Coroutine) (none struct{}) {
		defer say("the deferred function runs, though nothing has come")
		close(waits)
		coroutine.Await(co, rt.Sleep(time.Hour))
		say("never said")
		return none
	}))
	<-waits
	task.Abort()
	_, err := task.Wait()
	fmt.Fprintf(w, "     %v; timers that are left: %d\n", err, rt.Timers().Len())
}
