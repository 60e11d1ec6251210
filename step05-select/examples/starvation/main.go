// Command starvation shows what a flood on one channel does to another one: a select that prefers the flood starves it, a
// fair one does not, and neither does one that takes the flood in batches. Look at the longest wait.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/starvation", flag.ContinueOnError),
		"Counts who is served while one channel is flooded, in three loops.\nRead beside it: its own main.go.")
	show(os.Stdout)
}

// In channels, flood is the one that always has something. Who uses quiet counts on being served soon.
type channels struct{ flood, quiet <-chan struct{} }

// prefer looks for the flood first. It looks for the others when the flood is over: perhaps never.
func prefer(c channels, t *tally) {
	for t.more() {
		select {
		case <-c.flood:
			t.servedFlood()
			continue
		default:
		}
		select {
		case <-c.flood:
			t.servedFlood()
		case <-c.quiet:
			t.servedQuiet()
		}
	}
}

// fair leaves it to the select.
func fair(c channels, t *tally) {
	for t.more() {
		select {
		case <-c.flood:
			t.servedFlood()
		case <-c.quiet:
			t.servedQuiet()
		}
	}
}

// batch is how much of the flood is taken at once: enough to be fast, and not too much for the other to wait for.
const batch = 16

// batches takes as much of the flood as a batch holds, and then looks for the other. It sleeps only if there
// was neither.
func batches(c channels, t *tally) {
	for t.more() {
		idle := true
		for n := 0; n < batch && ready(c.flood); n++ {
			t.servedFlood()
			idle = false
		}
		if ready(c.quiet) {
			t.servedQuiet()
			idle = false
		}
		if !idle {
			continue
		}
		select {
		case <-c.flood:
			t.servedFlood()
		case <-c.quiet:
			t.servedQuiet()
		}
	}
}

func ready(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func show(w io.Writer) {
	always := make(chan struct{})
	close(always) // nothing is ready more often than a closed channel
	fmt.Fprintf(w, "Both channels always have something. %d are served.\n", services)
	fmt.Fprintf(w, "%-16s %-16s %s\n", "", "quiet is served", "after at most so many of the flood")
	for _, loop := range []struct {
		name string
		run  func(channels, *tally)
		luck bool
	}{
		{"the flood first", prefer, false},
		{"a fair select", fair, true},
		{fmt.Sprintf("batches of %d", batch), batches, false},
	} {
		t := new(tally)
		loop.run(channels{always, always}, t)
		fmt.Fprintf(w, "%-16s %s\n", loop.name, t.report(loop.luck))
	}
}
