package explore

import (
	"fmt"
	"slices"
	"strings"
)

// A Position is where a program stands after some of its steps.
type Position struct {
	Steps   []Step   // that were done
	Next    []Step   // what each thread that can go on would do, in the order of World.Go
	Failure *Failure // nil unless the program has failed; then nobody goes on
}

// Follow runs program along a schedule as [Replay] does, and stops at its end: for whoever chooses each
// step by hand. If nobody can go on there, the checks at the end have run.
//
// A schedule that names a thread that does not exist or cannot go on is an error.
func Follow(schedule string, program Program) (*Position, error) {
	names := strings.Fields(schedule)
	var (
		w     *World
		next  []Step
		wrong error
	)
	captured := func(inner *World) { w = inner; program(inner) } // as in Replay
	run(captured, len(names)+1, func(step int, enabled []int, _ int) (int, error) {
		named := func(i int) bool { return step < len(names) && w.threads[i].name == names[step] }
		if i := slices.IndexFunc(enabled, named); i >= 0 {
			return enabled[i], nil
		}
		if step < len(names) {
			wrong = fmt.Errorf("step %d of the schedule: %s cannot go on here", step+1, names[step])
		}
		for _, i := range enabled {
			next = append(next, Step{Thread: w.threads[i].name, Label: w.threads[i].label})
		}
		return 0, errHere
	})
	switch {
	case wrong != nil:
		return nil, wrong
	case len(w.steps) < len(names):
		return nil, fmt.Errorf("step %d of the schedule: the program is over", len(w.steps)+1)
	}
	p := &Position{Steps: w.steps, Next: next}
	if w.message != "" {
		p.Failure = newFailure(w)
	}
	return p, nil
}
