// Command future is the select over a line and a message once more, by hand: a Select of two Futures of step 3. The one
// that loses is cancelled. Look at the difference between anew and kept: who owns the half line.
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
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/future", flag.ContinueOnError),
		"Types half a line, lets a message come, and types the rest, for two clients made of Futures.\n"+
			"Read beside it: main.go and readline.go in its folder, and step03-statemachine/future/select.go.")
	show(os.Stdout)
}

// A round is what a client waits for: a line or a message.
type round = future.Future[future.Either[string, string]]

// anew makes both Futures for each round, as the article does. The half line dies with the read that loses.
func anew(w io.Writer, typed, messages *source) (next func() round) {
	return func() round {
		return future.Select(&readLine{typed: typed, w: w}, future.Func[string](messages.poll))
	}
}

// kept has one read for all rounds. Select gets a Func around its Poll: a Func has nothing to cancel.
func kept(w io.Writer, typed, messages *source) (next func() round) {
	read := &readLine{typed: typed, w: w}
	return func() round {
		return future.Select(future.Func[string](read.Poll), future.Func[string](messages.poll))
	}
}

// A client is a loop around a select, as a machine. It ends when it is cancelled.
type client struct {
	next func() round
	now  round // nil between two rounds
	w    io.Writer
}

func (c *client) Poll(cx *future.Context) (_ struct{}, ready bool) {
	for {
		if c.now == nil {
			c.now = c.next()
		}
		won, ready := c.now.Poll(cx)
		switch {
		case !ready:
			return struct{}{}, false
		case won.IsSecond:
			fmt.Fprintf(c.w, "   the client has the message %q\n", won.Second)
		default:
			fmt.Fprintf(c.w, "   the client has the line %q\n", won.First)
		}
		c.now = nil
	}
}

func (c *client) Cancel() { future.Cancel(c.now) }

func show(w io.Writer) {
	run := func(way func(io.Writer, *source, *source) func() round) {
		typed, messages := new(source), new(source)
		manual := executor.NewManual(nil)
		defer manual.Shutdown()
		executor.Spawn(manual, &client{next: way(w, typed, messages), w: w})
		typed.put("please do not ")
		manual.RunUntilStalled()
		messages.put("hello")
		manual.RunUntilStalled()
		typed.put("forget me\n")
		manual.RunUntilStalled()
	}
	fmt.Fprintf(w, "A user types %q, a message comes, the user types %q.\n", "please do not ", "forget me\n")
	fmt.Fprintln(w, "1. A new read in each round:")
	run(anew)
	fmt.Fprintln(w, "2. One read for all rounds:")
	run(kept)
}
