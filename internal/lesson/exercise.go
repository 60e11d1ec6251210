package lesson

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/stub"
)

// ErrNotStarted stands in the functions of an exercise until somebody writes
// them: "return lesson.ErrNotStarted". [Grade] looks for it in the source.
var ErrNotStarted = errors.New("this exercise is not started: replace the line that mentions lesson.ErrNotStarted")

// Grade runs the cases against a learner's answer. The test that calls it stands
// beside the file exercise.go, and in its folder.
//
// An exercise that nobody has touched is skipped, with a message that begins
// "not started:" and names the file and line to edit. Before that, Grade sees to it that the
// untouched exercise fails a case: else the cases would accept no work at all.
//
// The answer runs in a process of its own. So whatever it does, each case has a
// sentence, a rule and a hint. With -race, a data race fails the case in which it was seen.
func Grade[S any](t *testing.T, cases []Case[S], answer S, judge Judge[S]) {
	if _, isChild := os.LookupEnv(subjectEnv); isChild {
		judgeAsChild(t, cases, answer, judge)
		return
	}
	if place := untouched(t, "exercise.go"); place != "" && !solutionBuild {
		for _, c := range cases {
			if !judge(t, c, answer).OK() {
				t.Skipf("not started: write your answer at %s", place)
			}
		}
		t.Fatal("the empty exercise passes all cases: they check nothing")
	}
	verdicts := judgeInChild(t, t.Name(), "answer", len(cases))
	run(t, cases, answer, func(_ *testing.T, c Case[S], _ S) Verdict {
		return verdicts[slices.IndexFunc(cases, func(other Case[S]) bool { return other.Name == c.Name })].withRace()
	})
}

// untouched returns the place in a Go file of the first function that does
// nothing but mention ErrNotStarted; "" if there is none.
func untouched(t *testing.T, name string) string {
	line, function, err := stub.Find(name)
	require.NoError(t, err)
	if function == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d, in %s", fromModuleRoot(t, name), line, function)
}

// fromModuleRoot returns a file's path from the module's root, where learners
// are when they type go test; the file is in the current folder.
func fromModuleRoot(t *testing.T, name string) string {
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.ToSlash(name)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return filepath.ToSlash(name) // no module: the name will do
		}
		name = filepath.Join(filepath.Base(dir), name)
		dir = parent
	}
}
