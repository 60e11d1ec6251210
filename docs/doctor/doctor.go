// Package doctor says whether this machine can follow the tutorial, and which
// exercise comes next.
//
// It tells apart what looks alike to a beginner: a set-up that is broken, a test
// that is red because an exercise is not finished yet, and an exercise that nobody has
// started.
//
//   - machine.go measures: Go, a loopback connection, limits, ports;
//   - judge.go judges what was measured: pure functions, so that a test can
//     show them machines that nobody has at hand;
//   - report.go prints how far the exercises are; package grade finds out.
//
// Start reading at [Run].
package doctor

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/async/docs/progress/grade"
)

// A severity is how bad a finding is.
type severity uint8

const (
	good    severity = iota // nothing needs to be done
	note                    // the tutorial works, but something is less comfortable
	problem                 // the tutorial, or a part of it, does not work here
)

// String returns what the report prints.
func (s severity) String() string {
	return [...]string{"OK", "note", "problem"}[s]
}

// A finding is one line of the report.
type finding struct {
	subject  string // what was looked at: "loopback"
	severity severity
	text     string // what was found
	todo     string // what to do about it; "" if nothing
}

// Run examines the machine and the exercises of the repository at root, prints
// the report to w as it goes, and reports whether the machine is fine. An exercise that is
// not started, or red, leaves the machine fine.
//
// An empty root means that there is no repository here. Run blocks while it
// compiles and runs the exercises, each in bounded time; when ctx ends, it gives up early.
func Run(ctx context.Context, w io.Writer, root string) (fine bool) {
	fine = true
	report := func(f finding) {
		f.print(w)
		fine = fine && f.severity != problem
	}
	for _, f := range examineMachine(ctx, root) {
		report(f)
	}
	if root == "" {
		return fine
	}
	exercises, err := grade.Find(os.DirFS(root))
	switch {
	case err != nil:
		report(finding{"exercises", problem, err.Error(), "the checkout is damaged: clone it anew"})
	case len(exercises) == 0:
		report(finding{"exercises", good, "there are none in this checkout yet", ""})
	default:
		fmt.Fprintf(w, "\nExercises (their tests run now; the first time, Go compiles them)\n")
		grader := &grade.Grader{Root: root}
		problems := reportExercises(w, exercises, func(e grade.Exercise) (grade.Grade, error) { return grader.Grade(ctx, e) })
		for _, f := range problems {
			report(f)
		}
	}
	return fine
}

// print writes the finding, and below it what to do, line by line.
func (f finding) print(w io.Writer) {
	const indent = "                        " // as wide as the two columns
	fmt.Fprintf(w, "%-15s %-8s%s\n", f.subject, f.severity, strings.ReplaceAll(f.text, "\n", "\n"+indent))
	if f.todo != "" {
		fmt.Fprintf(w, "%s%s\n", indent, strings.ReplaceAll(f.todo, "\n", "\n"+indent))
	}
}
