package doctor

import (
	"fmt"
	"io"
	"path/filepath"

	"example.com/async/docs/progress/grade"
)

// reportExercises runs the test of each exercise, prints how far it is, and last which file
// to edit next. It returns what is wrong with the set-up, and stops there: the reason
// is the same for the exercises that follow, nearly always.
func reportExercises(w io.Writer, exercises []grade.Exercise, run func(grade.Exercise) (grade.Grade, error)) []finding {
	next := "\nAll exercises are done."
	first := true
	for _, e := range exercises {
		g, err := run(e)
		if err != nil {
			return []finding{{"go test", problem, err.Error(), "run it yourself, and look at what it prints"}}
		}
		fmt.Fprintf(w, "%4d.%d  %-17s%s\n", e.Step, e.Number, g.State, e.Title)
		switch g.State {
		case grade.Broken:
			return []finding{{"set-up", problem, g.Why, "this is not your exercise: is every file as it was? (git status)"}}
		case grade.Red, grade.DoesNotCompile:
			fmt.Fprintf(w, "       %s\n", g.Why)
		}
		if first && g.State != grade.Done {
			next, first = "\nNext: "+advice(e, g), false
		}
	}
	fmt.Fprintln(w, next)
	return nil
}

// advice says which file to edit, and how to see whether it helped.
func advice(e grade.Exercise, g grade.Grade) string {
	advice := filepath.FromSlash(e.File())
	switch g.State {
	case grade.NotStarted:
		advice = g.Why // which names file, line and function
	case grade.Red:
		advice += "\n      The set-up is fine: a red test is a rule that your code does not keep yet."
	}
	return advice + "\n      go test -run=Exercise ./" + e.Dir
}
