package explore

import (
	"fmt"
	"slices"
	"strings"
)

// Replay runs program in one order: schedule names the thread that does each step, as
// Failure.Schedule does. What comes after the schedule runs with as few switches as
// possible. It returns nil if the run doesn't fail.
//
// A schedule that names a thread that does not exist, or cannot go on there, is itself a
// failure: the program is not the one that the schedule was found in.
func Replay(schedule string, program Program) *Failure {
	names := strings.Fields(schedule)
	var w *World
	// The names are resolved while it runs: a thread may be started by another one.
	captured := func(inner *World) { w = inner; program(inner) }
	run(captured, Limits{}.orDefault().Steps, func(step int, enabled []int, last int) (int, error) {
		if step >= len(names) {
			if slices.Contains(enabled, last) {
				return last, nil
			}
			return enabled[0], nil
		}
		for _, i := range enabled {
			if w.threads[i].name == names[step] {
				return i, nil
			}
		}
		return 0, fmt.Errorf("step %d of the schedule: %s cannot go on here", step+1, names[step])
	})
	if w.message == "" {
		return nil
	}
	return newFailure(w)
}
