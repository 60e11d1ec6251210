package grade

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"example.com/async/internal/stub"
)

// A State is how far an exercise is.
type State uint8

const (
	// Broken: its tests can't be run, and the exercise is not the reason.
	Broken State = iota
	// NotStarted: nobody has touched it.
	NotStarted
	// DoesNotCompile: the compiler stops in the exercise's own folder.
	DoesNotCompile
	// Red: it compiles, and a case fails. That is what exercises do until they are done.
	Red
	// Done: all cases pass.
	Done
)

// String returns what reports print.
func (s State) String() string {
	return [...]string{"cannot be run", "not started", "does not compile", "red", "done"}[s]
}

// A Grade is what a test has said about an exercise.
type Grade struct {
	State State
	// Why is the reason in one line: for NotStarted where to begin, "" for Done.
	Why string
	// Cases are those that were tried, in their order. There are none unless the state is Red or Done.
	Cases []Case
}

// A Case is what one case of an exercise's suite has said. All but Name is empty if it has passed.
type Case struct {
	Name string
	// Sentence says what went wrong, Details what else was seen; of several lines, or "".
	Sentence, Details string
	// Rule is what must hold, with its source; Hint says where to look. "" if the test gave none.
	Rule, Hint string
}

// Passed reports whether the exercise has passed the case.
func (c Case) Passed() bool { return c.Sentence == "" }

// FirstFailed returns the case to mend first, or nil.
func (g Grade) FirstFailed() *Case {
	for i := range g.Cases {
		if !g.Cases[i].Passed() {
			return &g.Cases[i]
		}
	}
	return nil
}

// Untouched returns the grade of an exercise that nobody has touched, and false for every other one. It reads
// the file and runs nothing.
func (g *Grader) Untouched(e Exercise) (Grade, bool) {
	line, function, err := stub.Find(filepath.Join(g.Root, filepath.FromSlash(e.File())))
	if err != nil || function == "" {
		return Grade{}, false
	}
	return Grade{State: NotStarted, Why: fmt.Sprintf("write your answer at %s:%d, in %s", e.File(), line, function)}, true
}

// grade says how far an exercise is.
func (r *testRun) grade(e Exercise) Grade {
	p := r.packageIn(e.Dir)
	switch {
	case p == nil:
		return Grade{State: Broken, Why: "go test said nothing about " + e.Dir + ": " + firstLine(r.stderr)}
	case p.failedBuild != "":
		return r.gradeBuild(e, p.failedBuild)
	case len(p.tests) == 0 && p.result == "fail":
		return Grade{State: Red, Why: "it ended before its tests began: " + r.lastWord(p.output[""])}
	case len(p.tests) == 0:
		return Grade{State: Broken, Why: e.Dir + " has no tests"}
	case p.result == "pass":
		for _, test := range p.tests {
			if place, skipped := messageWith(p.output[test], "not started: "); skipped && p.results[test] == "skip" {
				return Grade{State: NotStarted, Why: place}
			}
		}
		return Grade{State: Done, Cases: r.cases(p)}
	}
	g := Grade{State: Red, Cases: r.cases(p)}
	if failed := g.FirstFailed(); failed != nil {
		g.Why = failed.Name + ": " + failed.Sentence
	} else {
		g.Why = r.lastWord(p.output[""])
	}
	return g
}

// cases returns the tests that have no tests below them.
func (r *testRun) cases(p *packageRun) (cases []Case) {
	for _, test := range p.tests {
		if test == exerciseTest && len(p.tests) > 1 && !p.failsAlone(test) || p.failsBelow(test) {
			continue
		}
		c := Case{Name: strings.TrimPrefix(test, exerciseTest+"/")}
		if result := p.results[test]; result != "pass" && result != "skip" {
			c = r.explain(c, p.output[test])
		}
		cases = append(cases, c)
	}
	return cases
}

// failsAlone reports whether a test has failed, and none below it.
func (p *packageRun) failsAlone(test string) bool {
	return p.results[test] == "fail" && !p.failsBelow(test)
}

// failsBelow reports whether a subtest of test has failed, or never ended: that one says more.
func (p *packageRun) failsBelow(test string) bool {
	for _, other := range p.tests {
		if strings.HasPrefix(other, test+"/") && p.results[other] != "pass" && p.results[other] != "skip" {
			return true
		}
	}
	return false
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

// compilerError is a line of the compiler, or of go vet.
var compilerError = regexp.MustCompile(`(?m)^(?:vet: )?(\S+\.go):\d+(?::\d+)?: .*`)

// gradeBuild tells an exercise that doesn't compile from a repository that doesn't. The
// test beside the exercise counts as its own: it doesn't compile when a function
// that it calls is gone.
func (r *testRun) gradeBuild(e Exercise, build string) Grade {
	found := compilerError.FindStringSubmatch(r.builds[build])
	if found == nil {
		return Grade{State: Broken, Why: "it cannot be built: " + firstLine(r.builds[build]+r.stderr)}
	}
	line := strings.TrimPrefix(strings.TrimPrefix(found[0], "vet: "), "./")
	if path.Dir(path.Clean(filepath.ToSlash(found[1]))) == e.Dir {
		return Grade{State: DoesNotCompile, Why: line}
	}
	return Grade{State: Broken, Why: line}
}
