package doctor

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/grade"
)

var echo = grade.Exercise{Step: 1, Number: 1, Title: "write the echo handler", Dir: "step01-tcp/exercises/echo"}

func report(t *testing.T, g grade.Grade, err error) (out string, problems []finding) {
	t.Helper()
	var b strings.Builder
	problems = reportExercises(&b, []grade.Exercise{echo}, func(grade.Exercise) (grade.Grade, error) { return g, err })
	return b.String(), problems
}

func TestReport_namesThePlaceToBegin(t *testing.T) {
	out, problems := report(t, grade.Grade{State: grade.NotStarted, Why: "write your answer at exercise.go:19, in Echo"}, nil)
	require.Empty(t, problems, "an exercise that is not started is no problem")
	require.Equal(t, ""+
		"   1.1  not started      write the echo handler\n"+
		"\n"+
		"Next: write your answer at exercise.go:19, in Echo\n"+
		"      go test -run=Exercise ./step01-tcp/exercises/echo\n", out)
}

func TestReport_saysThatARedTestIsNoBrokenSetUp(t *testing.T) {
	out, problems := report(t, grade.Grade{State: grade.Red, Why: "half-close: not all of it came back"}, nil)
	require.Empty(t, problems)
	require.Contains(t, out, "   1.1  red              write the echo handler\n       half-close: not all of it came back\n")
	require.Contains(t, out, "exercise.go\n      The set-up is fine: ")
}

func TestReport_callsForeignErrorsAProblemOfTheSetUp(t *testing.T) {
	out, problems := report(t, grade.Grade{State: grade.Broken, Why: "step01-tcp/tcp/server.go:30:1: syntax error: unexpected EOF"}, nil)
	require.Len(t, problems, 1)
	require.Equal(t, problem, problems[0].severity)
	require.Contains(t, problems[0].text, "server.go:30:1")
	require.Contains(t, problems[0].todo, "git status")
	require.NotContains(t, out, "Next:", "first the set-up")
}

func TestReport_endsWhenAllIsDone(t *testing.T) {
	out, problems := report(t, grade.Grade{State: grade.Done}, nil)
	require.Empty(t, problems)
	require.Contains(t, out, "All exercises are done.")
}

func TestReport_passesOnThatTheGoCommandFailed(t *testing.T) {
	_, problems := report(t, grade.Grade{}, errors.New("the tests did not end"))
	require.Equal(t, "the tests did not end", problems[0].text)
}
