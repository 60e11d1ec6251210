// Command timers shows time limits in a select. Look at where the timer is made: in the loop it limits the silence between
// two lines, before the loop it limits the whole.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/timers", flag.ContinueOnError),
		"Runs the same select with three time limits, and then a Ticker.\nRead beside it: its own main.go.")
	show(os.Stdout)
}

// untilSilent ends when nothing has come for that long. The limit begins anew in each round, since the expression
// behind case is evaluated each time that the select is entered.
func untilSilent(lines <-chan string, limit time.Duration) (heard int) {
	for {
		select {
		case <-lines:
			heard++
		case <-time.After(limit): // an idle limit
			return heard
		}
	}
}

// untilDeadline ends after that time, whatever comes.
func untilDeadline(lines <-chan string, limit time.Duration) (heard int) {
	deadline := time.After(limit)
	for {
		select {
		case <-lines:
			heard++
		case <-deadline: // a deadline for all
			return heard
		}
	}
}

// untilSilentByReset is untilSilent with one timer for all rounds, and not a new one for each line. Since Go 1.23
// Reset needs no Stop, and nothing of the old time is left in the channel.
func untilSilentByReset(lines <-chan string, limit time.Duration) (heard int) {
	idle := time.NewTimer(limit)
	defer idle.Stop()
	for {
		select {
		case <-lines:
			heard++
			idle.Reset(limit)
		case <-idle.C:
			return heard
		}
	}
}

const (
	limit = 500 * time.Millisecond
	pause = 90 * time.Millisecond // before each line
	many  = 8                     // lines: together they take longer than the limit
)

// talk says its lines, with a pause before each, and leaves when nobody listens any more.
func talk(lines chan<- string, over <-chan struct{}) {
	for range many {
		select {
		case <-time.After(pause):
		case <-over:
			return
		}
		select {
		case lines <- "a line":
		case <-over:
			return
		}
	}
}

func show(w io.Writer) {
	fmt.Fprintf(w, "Somebody says %d lines, with a pause of %v before each. The limit is %v.\n", many, pause, limit)
	hear := func(listen func(<-chan string, time.Duration) int) string {
		lines, over := make(chan string), make(chan struct{})
		defer close(over)
		go talk(lines, over)
		if heard := listen(lines, limit); heard < many {
			return "heard a part"
		}
		return "heard all"
	}
	fmt.Fprintln(w, "1. time.After in the loop:      ", hear(untilSilent))
	fmt.Fprintln(w, "2. time.After before the loop:  ", hear(untilDeadline))
	fmt.Fprintln(w, "3. a timer, Reset at each line: ", hear(untilSilentByReset))

	fmt.Fprintf(w, "4. A timer has gone off, nobody has looked, and it is Reset: %d old times in its channel\n", waiting(expired().C))

	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	time.Sleep(35 * time.Millisecond)
	fmt.Fprintf(w, "5. A ticker of 10ms, nobody has looked for 35ms: %d tick waits, the others are dropped\n", waiting(ticker.C))
}

// expired returns a timer that was Reset after its time had come.
func expired() *time.Timer {
	t := time.NewTimer(time.Millisecond)
	time.Sleep(10 * time.Millisecond)
	t.Reset(time.Hour)
	return t
}

// waiting takes out all that can be received now, and counts it.
func waiting(c <-chan time.Time) (n int) {
	for {
		select {
		case <-c:
			n++
		default:
			return n
		}
	}
}
