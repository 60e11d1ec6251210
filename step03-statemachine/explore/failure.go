package explore

import (
	"fmt"
	"strings"
)

// A Failure is an order in which a program goes wrong.
type Failure struct {
	Message  string
	Schedule string // for Replay: the thread of each step, separated by spaces
	Steps    []Step

	threads []string // all of them, in the order of World.Go
	waiting []string // the label that each waits for at the end; "" if it has ended, or could go on
}

// A Step is what one thread did between two points.
type Step struct {
	Thread string
	Label  string // of the point before the step
}

func newFailure(w *World) *Failure {
	f := &Failure{Message: w.message, Steps: w.steps}
	var schedule []string
	for _, s := range w.steps {
		schedule = append(schedule, s.Thread)
	}
	f.Schedule = strings.Join(schedule, " ")
	for _, th := range w.threads {
		f.threads = append(f.threads, th.name)
		waits := ""
		if th.unfinished() && th.cond != nil {
			waits = "waits: " + th.label
		}
		f.waiting = append(f.waiting, waits)
	}
	return f
}

// String returns the message, and the steps as a table with a column for each thread.
func (f *Failure) String() string {
	width := make(map[string]int)
	for i, name := range f.threads {
		width[name] = max(len(name), len(f.waiting[i]))
	}
	for _, s := range f.Steps {
		width[s.Thread] = max(width[s.Thread], len(s.Label))
	}
	var b strings.Builder
	row := func(number string, cell func(i int) string) {
		line := fmt.Sprintf("%4s", number)
		for i, name := range f.threads {
			line += fmt.Sprintf("  %-*s", width[name], cell(i))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	b.WriteString(f.Message + "\n\n")
	row("", func(i int) string { return f.threads[i] })
	for n, s := range f.Steps {
		row(fmt.Sprint(n+1), func(i int) string {
			if f.threads[i] == s.Thread {
				return s.Label
			}
			return ""
		})
	}
	if strings.Join(f.waiting, "") != "" {
		row("", func(i int) string { return f.waiting[i] })
	}
	fmt.Fprintf(&b, "\nschedule: %s\n", f.Schedule)
	return b.String()
}
