package doctor

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// A state is how far an exercise is.
type state uint8

const (
	// broken: its tests can't be run, and the exercise is not the reason.
	broken state = iota
	// notStarted: nobody has touched it.
	notStarted
	// doesNotCompile: the compiler stops in the exercise's own folder.
	doesNotCompile
	// red: it compiles, and a case fails. That is what exercises do until they are done.
	red
	// done: all cases pass.
	done
)

// String returns what the report prints.
func (s state) String() string {
	return [...]string{"cannot be run", "not started", "does not compile", "red", "done"}[s]
}

// reportExercises runs the test of each exercise, prints how far it is, and last which file
// to edit next. It returns what is wrong with the set-up, and stops there: the reason
// is the same for the exercises that follow, nearly always.
func reportExercises(w io.Writer, exercises []exercise, runTest func(exercise) (*testRun, error)) []finding {
	next := "\nAll exercises are done."
	first := true
	for _, e := range exercises {
		run, err := runTest(e)
		if err != nil {
			return []finding{{"go test", problem, err.Error(), "run it yourself, and look at what it prints"}}
		}
		s, why := run.stateOf(e)
		fmt.Fprintf(w, "%4d.%d  %-17s%s\n", e.step, e.number, s, e.title)
		switch s {
		case broken:
			return []finding{{"set-up", problem, why, "this is not your exercise: is every file as it was? (git status)"}}
		case red, doesNotCompile:
			fmt.Fprintf(w, "       %s\n", why)
		}
		if first && s != done {
			next, first = "\nNext: "+e.advice(s, why), false
		}
	}
	fmt.Fprintln(w, next)
	return nil
}

// advice says which file to edit, and how to see whether it helped.
func (e exercise) advice(s state, why string) string {
	advice := filepath.FromSlash(e.file())
	switch s {
	case notStarted:
		advice = why // which names file, line and function
	case red:
		advice += "\n      The set-up is fine: a red test is a rule that your code does not keep yet."
	}
	return advice + "\n      go test -run=Exercise ./" + e.dir
}

// stateOf says how far an exercise is, and why, in one line.
func (r *testRun) stateOf(e exercise) (s state, why string) {
	p := r.packageIn(e.dir)
	switch {
	case p == nil:
		return broken, "go test said nothing about " + e.dir + ": " + firstLine(r.stderr)
	case p.failedBuild != "":
		return r.stateOfBuild(e, p.failedBuild)
	case len(p.tests) == 0 && p.result == "fail":
		return red, "it ended before its tests began: " + lastWord(p.output[""])
	case len(p.tests) == 0:
		return broken, e.dir + " has no tests"
	case p.result == "pass":
		for _, test := range p.tests {
			if place, skipped := messageWith(p.output[test], "not started: "); skipped && p.results[test] == "skip" {
				return notStarted, place
			}
		}
		return done, ""
	}
	for _, test := range p.tests {
		if p.results[test] != "pass" && p.results[test] != "skip" && !p.failsBelow(test) {
			return red, strings.TrimPrefix(test, exerciseTest+"/") + ": " + firstMessage(p.output[test])
		}
	}
	return red, lastWord(p.output[""])
}

// packageIn returns the run of the package in dir.
func (r *testRun) packageIn(dir string) *packageRun {
	for name, p := range r.packages {
		if strings.HasSuffix(name, "/"+dir) {
			return p
		}
	}
	return nil
}

// failsBelow reports whether a subtest of test has failed: that one says more.
func (p *packageRun) failsBelow(test string) bool {
	for other, result := range p.results {
		if result == "fail" && strings.HasPrefix(other, test+"/") {
			return true
		}
	}
	return false
}

// compilerError is a line of the compiler, or of go vet.
var compilerError = regexp.MustCompile(`(?m)^(?:vet: )?(\S+\.go):\d+(?::\d+)?: .*`)

// stateOfBuild tells an exercise that doesn't compile from a repository that doesn't. The
// test beside the exercise counts as its own: it doesn't compile when a function
// that it calls is gone.
func (r *testRun) stateOfBuild(e exercise, build string) (s state, why string) {
	found := compilerError.FindStringSubmatch(r.builds[build])
	if found == nil {
		return broken, "it cannot be built: " + firstLine(r.builds[build]+r.stderr)
	}
	line := strings.TrimPrefix(strings.TrimPrefix(found[0], "vet: "), "./")
	if path.Dir(path.Clean(filepath.ToSlash(found[1]))) == e.dir {
		return doesNotCompile, line
	}
	return broken, line
}

// place is what go test puts before a message.
var place = regexp.MustCompile(`^\s*\S+\.go:\d+: `)

// messageWith returns what follows prefix in the first message that begins with it.
func messageWith(output, prefix string) (rest string, ok bool) {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(place.ReplaceAllString(line, ""))
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return rest, true
		}
	}
	return "", false
}

// firstMessage returns the first line of a test's output that says something.
func firstMessage(output string) string {
	for line := range strings.Lines(output) {
		message := strings.TrimSpace(place.ReplaceAllString(line, ""))
		if message != "" && !strings.HasPrefix(message, "=== ") && !strings.HasPrefix(message, "--- ") {
			return message
		}
	}
	return "it did not end, or said nothing"
}

// lastWord finds what ended a test program: a panic, or its time limit.
func lastWord(output string) string {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			return line
		}
	}
	return "the tests did not end"
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
