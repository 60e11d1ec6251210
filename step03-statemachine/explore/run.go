package explore

import (
	"errors"
	"fmt"
	"strings"
)

// A chooser says which of the enabled threads, given by their indices, does the next step. last is
// the one that did the step before, or -1. The threads' indices are in the order of the calls of
// World.Go.
type chooser func(step int, enabled []int, last int) (int, error)

// errHere is what a chooser returns to stop the run before its end, without a failure.
var errHere = errors.New("explore: stop here")

// run runs program once, in the order that choose gives.
func run(program Program, maxSteps int, choose chooser) *World {
	w := new(World)
	defer w.end()
	w.guarded("the program's set-up", func() { program(w) })
	last := -1
	var enabled []int
	for w.message == "" {
		enabled = enabled[:0]
		for i, th := range w.threads {
			if th.enabled() {
				enabled = append(enabled, i)
			}
		}
		switch {
		case len(enabled) == 0:
			w.finish()
			return w
		case len(w.steps) == maxSteps:
			w.Errorf("not at its end after %d steps", maxSteps)
			return w
		}
		next, err := choose(len(w.steps), enabled, last)
		if err == errHere {
			return w
		}
		if err != nil {
			w.Errorf("%v", err)
			return w
		}
		w.step(w.threads[next])
		last = next
	}
	return w
}

// finish is called when no thread can go on: that is the end, or a deadlock.
func (w *World) finish() {
	var waiting []string
	for _, th := range w.threads {
		if th.unfinished() {
			waiting = append(waiting, fmt.Sprintf("%s waits for %q", th.name, th.label))
		}
	}
	if waiting != nil {
		w.Errorf("lost wake-up: %s, and nobody is left to bring it about", strings.Join(waiting, ", "))
		return
	}
	for _, check := range w.checks {
		w.guarded("the check at the end", check)
	}
}
