package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteText writes a line per event: when it was, whom it happened to, what it was.
//
//	 0.000 ms  hello     spawned
//	10.250 ms  worker 0  unpark
//	10.500 ms  hello     woken by a timer
func (t *Trace) WriteText(w io.Writer) error {
	events, lost := t.snapshot()
	out := bufio.NewWriter(w)
	if lost > 0 {
		fmt.Fprintf(out, "%d earlier events are not kept\n", lost)
	}
	who, width := make([]string, len(events)), 0
	for i, e := range events {
		who[i] = t.who(e)
		width = max(width, len(who[i]))
	}
	for i, e := range events {
		line := fmt.Sprintf("%12s  %-*s  %s", milliseconds(e.At), width, who[i], t.what(e))
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return out.Flush()
}

// milliseconds is one unit for all times, so that they can be compared at a glance.
func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.3f ms", float64(d)/float64(time.Millisecond))
}

// who names the task, or the worker, that e happened to.
func (t *Trace) who(e Event) string {
	switch {
	case e.Task != 0:
		return t.Name(e.Task)
	case e.Kind == Parked || e.Kind == Unparked:
		return fmt.Sprintf("worker %d", e.Worker)
	case e.Kind == IOReady:
		return "reactor"
	case e.Kind == TimerFired:
		return "timers"
	}
	return t.Name(0)
}

// what says what happened, and by whom.
func (t *Trace) what(e Event) string {
	if e.Kind == Noted {
		return e.Note
	}
	what := e.Kind.String()
	switch e.Kind {
	case Woken:
		what += " " + t.by(e)
	case Spawned, Aborted:
		if e.By != 0 {
			what += " by " + t.Name(e.By)
		}
	}
	if e.Note != "" {
		what += "  (" + e.Note + ")"
	}
	return what
}

// by says where a wake came from.
func (t *Trace) by(e Event) string {
	switch {
	case e.Source == Timer:
		return "by a timer"
	case e.Source == Reactor:
		return "by the reactor"
	case e.By != 0 && e.By == e.Task:
		return "by itself"
	case e.By != 0 || t.Name(0) != outside:
		return "by " + t.Name(e.By)
	}
	return "from outside"
}
