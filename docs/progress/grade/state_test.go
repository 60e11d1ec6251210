package grade

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var echo = Exercise{1, 1, "write the echo handler", "step01-tcp/exercises/echo"}

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
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"          expected: 5\n"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"          actual  : 3\n"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"          rule: what was sent before the end comes back (RFC 9293 section 3.6)\n"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"          hint: io.EOF says that the client has finished;\n"}
{"Action":"output","Package":"P","Test":"TestExercise/half-close","Output":"        it says nothing of what you still hold\n"}
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

func TestGrade_tellsTheStatesApart(t *testing.T) {
	tests := []struct {
		name, events string
		state        State
		why          string
	}{
		{"passes", saysDone, Done, ""},
		{"is skipped as not started", saysNotStarted, NotStarted, "write your answer at exercise.go:19, in Echo"},
		{"fails a case", saysRed, Red, "half-close: not all of it came back"},
		{"hangs", saysHung, Red, "echo: it hangs: after 2m0s the test had not ended, and was stopped"},
		{"dies before its tests begin", saysDiedEarly, Red, "it ended before its tests began: panic: assignment to entry in nil map"},
		{"does not compile", saysDoesNotCompile, DoesNotCompile, "step01-tcp/exercises/echo/exercise.go:9:2: declared and not used: x"},
		{"has lost the function that its test calls", saysTestDoesNotCompile, DoesNotCompile, "step01-tcp/exercises/echo/exercise_test.go:27:32: undefined: Echo"},
		{"needs code that does not compile", saysRepositoryDoesNotCompile, Broken, "step01-tcp/tcp/server.go:30:1: syntax error: unexpected EOF"},
		{"needs a module that is not there", saysModuleIsMissing, Broken, "it cannot be built: go: no module provides package golang.org/x/net/netutil"},
		{"has no test", saysThereAreNoTests, Broken, "step01-tcp/exercises/echo has no tests"},
		{"is not mentioned", "", Broken, "go test said nothing about step01-tcp/exercises/echo: go: cannot find main module"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := runOf(t, test.events).grade(echo)
			require.Equal(t, test.state.String(), g.State.String())
			require.Equal(t, test.why, g.Why)
		})
	}
}

func TestGrade_takesApartWhatACaseSays(t *testing.T) {
	g := runOf(t, saysRed).grade(echo)
	require.Equal(t, []Case{
		{Name: "echo"},
		{
			Name:     "half-close",
			Sentence: "not all of it came back",
			Details:  "  expected: 5\n  actual  : 3",
			Rule:     "what was sent before the end comes back (RFC 9293 section 3.6)",
			Hint:     "io.EOF says that the client has finished; it says nothing of what you still hold",
		},
	}, g.Cases)
	require.Equal(t, "half-close", g.FirstFailed().Name)
	require.Nil(t, runOf(t, saysDone).grade(echo).FirstFailed())
}

func runOf(t *testing.T, events string) *testRun {
	t.Helper()
	events = strings.ReplaceAll(events, `"P"`, `"example.com/async/step01-tcp/exercises/echo"`)
	run, err := readEvents(strings.NewReader(events))
	require.NoError(t, err)
	run.stderr = "go: cannot find main module\nmore"
	run.limit = testLimit
	return run
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
