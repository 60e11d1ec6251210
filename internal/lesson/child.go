package lesson

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A program that is judged may end its whole process: by a panic on a goroutine that
// nobody protects, or by os.Exit. So it runs in a child: the test binary again,
// told to run only the one test, and which subject it is about.

// What the parent tells its child, and how the child answers: a line for each
// case that begins, and one with the verdict.
const (
	subjectEnv  = "LESSON_SUBJECT"
	firstEnv    = "LESSON_FIRST_CASE"
	beginLine   = "lesson begins "
	verdictLine = "lesson verdict "
)

// judgeAsChild is the child's part: it runs the cases against one subject.
func judgeAsChild[S any](t *testing.T, cases []Case[S], subject S, judge Judge[S]) {
	first, _ := strconv.Atoi(os.Getenv(firstEnv))
	for k, c := range cases[first:] {
		fmt.Printf("\n%s%d\n", beginLine, first+k)
		verdict := judge(t, c, subject)
		text, err := json.Marshal(verdict)
		require.NoError(t, err)
		fmt.Printf("\n%s%s\n", verdictLine, text)
		if verdict.TimedOut {
			return
		}
	}
}

// childLimit is how long a child may take for all cases together: more than the
// watchdog's patience for one, less than that of go test.
const childLimit = 3 * time.Minute

// judgeInChild returns the verdicts on the subject of that name. When a child dies in a case, that is the case's verdict,
// and another child goes on with the next. After a case that timed out, the others
// are not tried: they would time out as well, one after the other.
func judgeInChild(t *testing.T, test, subject string, cases int) (verdicts []Verdict) {
	for len(verdicts) < cases {
		ctx, kill := context.WithCancel(t.Context())
		printed := transcript{tooMuch: kill}
		child := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+test+"$", "-test.count=1", "-test.timeout="+childLimit.String())
		// With the race detector each process would sleep for a second at its end.
		race := "GORACE=atexit_sleep_ms=0 " + os.Getenv("GORACE")
		child.Env = append(os.Environ(), subjectEnv+"="+subject, firstEnv+"="+strconv.Itoa(len(verdicts)), race)
		child.Stdout, child.Stderr = &printed, &printed
		child.WaitDelay = time.Second // what it has started may hold its output, and run on
		err := child.Run()
		kill()
		output := printed.String()
		before := len(verdicts)
		begun, timedOut := false, false
		for line := range strings.Lines(output) {
			if strings.HasPrefix(line, beginLine) {
				begun = true
			} else if text, ok := strings.CutPrefix(line, verdictLine); ok {
				var v Verdict
				require.NoError(t, json.Unmarshal([]byte(text), &v))
				verdicts = append(verdicts, v)
				begun = false
				timedOut = v.TimedOut
			}
		}
		for _, part := range strings.Split(output, "\n"+beginLine)[1:] {
			if k, err := strconv.Atoi(firstLine(part)); err == nil && k < len(verdicts) {
				verdicts[k].Race = raceReport(part)
			}
		}
		for timedOut && len(verdicts) < cases {
			verdicts = append(verdicts, notTried)
		}
		switch {
		case begun && printed.full:
			verdicts = append(verdicts, Verdict{Failure: endlessWords(output)})
		case begun:
			verdicts = append(verdicts, Verdict{Failure: "it ended the whole process: " + lastWords(output)})
		}
		require.Greater(t, len(verdicts), before, "the child said nothing: %v\n%s", err, output)
	}
	return verdicts
}

// printLimit is how many bytes a child may print. A loop that goes round without waiting, and prints
// each time, would fill the memory long before the watchdog comes.
const printLimit = 16 << 20

// A transcript is what a child prints, up to printLimit: then it calls tooMuch.
type transcript struct {
	strings.Builder
	tooMuch func()
	full    bool
}

func (p *transcript) Write(text []byte) (int, error) {
	if p.full = p.full || p.Len()+len(text) > printLimit; p.full {
		p.tooMuch()
		return len(text), nil
	}
	return p.Builder.Write(text)
}

// endlessWords is the failure of a program that has printed too much, with a line of it: that shows where.
func endlessWords(output string) string {
	whole := output[:strings.LastIndexByte(output, '\n')+1]
	line := strings.TrimSpace(whole[strings.LastIndexByte(strings.TrimSuffix(whole, "\n"), '\n')+1:])
	const most = 200 // bytes
	if len(line) > most {
		line = line[:most] + "…"
	}
	return fmt.Sprintf("it printed more than %d MiB, and went on: does a loop go round without waiting for anything? The last line was %q", printLimit>>20, line)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// raceReport returns the first report of the race detector in what a child has printed, or "".
func raceReport(printed string) string {
	_, report, _ := strings.Cut(printed, "WARNING: DATA RACE")
	report, _, _ = strings.Cut(report, "==================")
	return strings.TrimSpace(report)
}

// notTried is the verdict on the cases after one that timed out.
var notTried = Verdict{Failure: "not tried, because the program did not end in an earlier case"}

// lastWords finds the line in which the Go runtime says why it ended a process, and
// the line of the learner's file where that happened.
func lastWords(output string) string {
	for line := range strings.Lines(output) {
		for _, start := range []string{"panic: ", "fatal error: "} {
			if strings.HasPrefix(line, start) {
				return strings.TrimSpace(line) + learnersPlace(output)
			}
		}
	}
	return "no reason given"
}

// learnersFile matches the first line of a stack that is in the file of an exercise.
var learnersFile = regexp.MustCompile(`(step[^/\s]+/exercises/[^/\s]+/(?:exercise|solution)\.go:\d+)`)

// learnersPlace returns ", at FILE:LINE" for the first place in a learner's file, if any.
func learnersPlace(output string) string {
	if place := learnersFile.FindString(output); place != "" {
		return ", at " + place
	}
	return ""
}
