package doctor

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var echo = exercise{1, 1, "write the echo handler", "step01-tcp/exercises/echo"}

// What go test -json says about exercise 1.1, shortened: P stands for its package.
const (
	saysDone = `
{"Action":"run","Package":"P","Test":"TestExercise"}
{"Action":"run","Package":"P","Test":"TestExercise/echo"}
{"Action":"pass","Package":"P","Test":"TestExercise/echo"}
{"Action":"pass","Package":"P","Test":"TestExercise"}
{"Action":"pass","Package":"P"}`

	saysNotStarted = `
{"Action":"run","Package":"P","Test":"TestExercise"}
{"Action":"output","Package":"P","Test":"TestExercise","Output":"=== RUN   TestExercise\n"}
{"Action":"output","Package":"P","Test":"TestExercise","Output":"    exercise.go:30: not started: write your answer at exercise.go:19, in Echo\n"}
{"Action":"output","Package":"P","Test":"TestExercise","Output":"--- SKIP: TestExercise (0.00s)\n"}
{"Action":"skip","Package":"P","Test":"TestExercise"}
{"Action":"pass","Package":"P"}`

	saysRed = `
{"Action":"run","Package":"P","Test":"TestExercise"}
{"Action":"run","Package":"P","Test":"TestExercise/echo"}
{"Action":"pass","Package":"P","Test":"TestExercise/echo"}
{"Action":"run","Package":"P","Test":"TestExercise/half-close"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"=== RUN   TestExercise/half-close\n"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"    case.go:81: not all of it came back\n"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"        hint: io.EOF\n"}
{"Action":"fail","Package":"P","Test":"TestExercise/half-close"}
{"Action":"fail","Package":"P","Test":"TestExercise"}
{"Action":"fail","Package":"P"}`

	saysHung = `
{"Action":"run","Package":"P","Test":"TestExercise"}
{"Action":"run","Package":"P","Test":"TestExercise/echo"}
{"Action":"output","Package":"P","Test":"TestExercise/echo","Output":"=== RUN   TestExercise/echo\n"}
{"Action":"output","Package":"P","Test":"TestExercise/echo","Output":"panic: test timed out after 2m0s\n"}
{"Action":"fail","Package":"P","Test":"TestExercise/echo"}
{"Action":"fail","Package":"P"}`

	saysDiedEarly = `
{"Action":"output","Package":"P","Output":"panic: assignment to entry in nil map\n"}
{"Action":"fail","Package":"P"}`

	saysDoesNotCompile = `
{"ImportPath":"P [P.test]","Action":"build-output","Output":"# P [P.test]\n"}
{"ImportPath":"P [P.test]","Action":"build-output","Output":"step01-tcp/exercises/echo/exercise.go:9:2: declared and not used: x\n"}
{"ImportPath":"P [P.test]","Action":"build-fail"}
{"Action":"fail","Package":"P","FailedBuild":"P [P.test]"}`

	saysTestDoesNotCompile = `
{"ImportPath":"P [P.test]","Action":"build-output","Output":"step01-tcp/exercises/echo/exercise_test.go:27:32: undefined: Echo\n"}
{"Action":"fail","Package":"P","FailedBuild":"P [P.test]"}`

	saysRepositoryDoesNotCompile = `
{"ImportPath":"example.com/async/step01-tcp/tcp","Action":"build-output","Output":"# example.com/async/step01-tcp/tcp\n"}
{"ImportPath":"example.com/async/step01-tcp/tcp","Action":"build-output","Output":"step01-tcp/tcp/server.go:30:1: syntax error: unexpected EOF\n"}
{"Action":"fail","Package":"P","FailedBuild":"example.com/async/step01-tcp/tcp"}`

	saysModuleIsMissing = `
{"ImportPath":"P","Action":"build-output","Output":"go: no module provides package golang.org/x/net/netutil\n"}
{"Action":"fail","Package":"P","FailedBuild":"P"}`

	saysThereAreNoTests = `
{"Action":"output","Package":"P","Output":"testing: warning: no tests to run\n"}
{"Action":"pass","Package":"P"}`
)

func TestStateOf(t *testing.T) {
	tests := []struct {
		name, events string
		state        state
		why          string
	}{
		{"passes", saysDone, done, ""},
		{"is skipped as not started", saysNotStarted, notStarted, "write your answer at exercise.go:19, in Echo"},
		{"fails a case", saysRed, red, "half-close: not all of it came back"},
		{"hangs", saysHung, red, "echo: panic: test timed out after 2m0s"},
		{"dies before its tests begin", saysDiedEarly, red, "it ended before its tests began: panic: assignment to entry in nil map"},
		{"does not compile", saysDoesNotCompile, doesNotCompile, "step01-tcp/exercises/echo/exercise.go:9:2: declared and not used: x"},
		{"has lost the function that its test calls", saysTestDoesNotCompile, doesNotCompile, "step01-tcp/exercises/echo/exercise_test.go:27:32: undefined: Echo"},
		{"needs code that does not compile", saysRepositoryDoesNotCompile, broken, "step01-tcp/tcp/server.go:30:1: syntax error: unexpected EOF"},
		{"needs a module that is not there", saysModuleIsMissing, broken, "it cannot be built: go: no module provides package golang.org/x/net/netutil"},
		{"has no test", saysThereAreNoTests, broken, "step01-tcp/exercises/echo has no tests"},
		{"is not mentioned", "", broken, "go test said nothing about step01-tcp/exercises/echo: go: cannot find main module"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, why := runOf(t, test.events).stateOf(echo)
			require.Equal(t, test.state.String(), s.String())
			require.Equal(t, test.why, why)
		})
	}
}

func runOf(t *testing.T, events string) *testRun {
	t.Helper()
	events = strings.ReplaceAll(events, `"P"`, `"example.com/async/step01-tcp/exercises/echo"`)
	run, err := readEvents(strings.NewReader(events))
	require.NoError(t, err)
	run.stderr = "go: cannot find main module\nmore"
	return run
}

func report(t *testing.T, events string) (out string, problems []finding) {
	t.Helper()
	var b strings.Builder
	problems = reportExercises(&b, []exercise{echo}, func(exercise) (*testRun, error) { return runOf(t, events), nil })
	return b.String(), problems
}

func TestReport_namesThePlaceToBegin(t *testing.T) {
	out, problems := report(t, saysNotStarted)
	require.Empty(t, problems, "an exercise that is not started is no problem")
	require.Equal(t, ""+
		"   1.1  not started      write the echo handler\n"+
		"\n"+
		"Next: write your answer at exercise.go:19, in Echo\n"+
		"      go test -run=Exercise ./step01-tcp/exercises/echo\n", out)
}

func TestReport_saysThatARedTestIsNoBrokenSetUp(t *testing.T) {
	out, problems := report(t, saysRed)
	require.Empty(t, problems)
	require.Contains(t, out, "   1.1  red              write the echo handler\n       half-close: not all of it came back\n")
	require.Contains(t, out, "exercise.go\n      The set-up is fine: ")
}

func TestReport_callsForeignErrorsAProblemOfTheSetUp(t *testing.T) {
	out, problems := report(t, saysRepositoryDoesNotCompile)
	require.Len(t, problems, 1)
	require.Equal(t, problem, problems[0].severity)
	require.Contains(t, problems[0].text, "server.go:30:1")
	require.Contains(t, problems[0].todo, "git status")
	require.NotContains(t, out, "Next:", "first the set-up")
}

func TestReport_endsWhenAllIsDone(t *testing.T) {
	out, problems := report(t, saysDone)
	require.Empty(t, problems)
	require.Contains(t, out, "All exercises are done.")
}

func TestReport_passesOnThatTheGoCommandFailed(t *testing.T) {
	problems := reportExercises(&strings.Builder{}, []exercise{echo}, func(exercise) (*testRun, error) {
		return nil, errors.New("the tests did not end")
	})
	require.Equal(t, "the tests did not end", problems[0].text)
}

func TestReadEvents_skipsWhatIsNoEvent(t *testing.T) {
	run, err := readEvents(strings.NewReader("go: downloading x\n\n{broken\n" + `{"Action":"pass","Package":"a/b"}`))
	require.NoError(t, err)
	require.Equal(t, "pass", run.packages["a/b"].result)
}

func TestReadEvents_keepsOnlySoMuchOfWhatATestPrints(t *testing.T) {
	line := `{"Action":"output","Package":"p","Test":"T","Output":"` + strings.Repeat("x", 1000) + `"}` + "\n"
	run, err := readEvents(strings.NewReader(strings.Repeat(line, 1000)))
	require.NoError(t, err)
	require.Less(t, len(run.packages["p"].output["T"]), 2*mostOutput)
}
