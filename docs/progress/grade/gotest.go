package grade

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

const (
	// testLimit ends the tests of one exercise. Its cases have watchdogs of
	// their own that are quicker, so this is for what gets past them.
	testLimit = 2 * time.Minute
	// goTestLimit is for compiling them as well, on a slow machine, for the first time.
	goTestLimit = 10 * time.Minute
)

// A Grader runs the tests of exercises. It may be used by several goroutines.
type Grader struct {
	Root string // the repository's folder
	Race bool   // use the race detector, which must be usable: see [JudgeRace]

	limit time.Duration // for a test: testLimit, if it is 0
	flags []string      // more flags of go test, for the tests of this package
}

// Grade runs the test of one exercise, in bounded time, and says how far the exercise is. The error says
// that the go command could not be run to its end; a test that fails is none. When ctx ends, all
// that was started is stopped.
func (g *Grader) Grade(ctx context.Context, e Exercise) (Grade, error) {
	run, err := g.run(ctx, e)
	if err != nil {
		return Grade{}, err
	}
	return g.redact(run.grade(e)), nil
}

// exerciseTest is the test that judges an exercise. Those beside it judge its cases, which
// takes longer and is nothing to a learner.
const exerciseTest = "TestExercise"

// An event is one line of go test -json (see go doc test2json, and go help buildjson).
type event struct {
	Action      string
	Package     string
	Test        string
	Output      string
	ImportPath  string // of build-output
	FailedBuild string // of fail: the ImportPath of the build that failed
}

// A testRun is what one go test -json said.
type testRun struct {
	packages map[string]*packageRun // by import path
	builds   map[string]string      // what the compiler said, by ImportPath
	stderr   string                 // what is no event: a download that fails, for example
	limit    time.Duration          // after which a test is stopped
}

// A packageRun is the tests of one package.
type packageRun struct {
	result      string            // "pass", "fail" or "skip"; "" if it never ended
	failedBuild string            // an ImportPath, if it could not be built
	tests       []string          // names, in the order in which they began
	results     map[string]string // by test
	output      map[string]string // by test; "" is the package's own
}

func (g *Grader) run(ctx context.Context, e Exercise) (*testRun, error) {
	limit := cmp.Or(g.limit, testLimit)
	ctx, cancel := context.WithTimeout(ctx, goTestLimit)
	defer cancel()
	args := append([]string{"test", "-json", "-run", "^" + exerciseTest + "$", "-timeout", limit.String()}, g.flags...)
	if g.Race {
		args = append(args, "-race")
	}
	command := exec.CommandContext(ctx, "go", append(args, "./"+e.Dir)...)
	command.Dir = g.Root
	// The go command starts compilers and the test, which starts another process: all of them must end.
	endTogether(command)
	// What still holds the output open must not hold us.
	command.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	command.Stderr = &stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	run, readErr := readEvents(stdout)
	waitErr := command.Wait()
	endRest(command)
	run.stderr = strings.TrimSpace(stderr.String())
	run.limit = limit
	switch _, failed := waitErr.(*exec.ExitError); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return run, fmt.Errorf("go test ./%s was stopped: it took longer than %v", e.Dir, goTestLimit)
	case ctx.Err() != nil:
		return run, fmt.Errorf("go test ./%s was stopped: %w", e.Dir, ctx.Err())
	case readErr != nil:
		return run, readErr
	case waitErr != nil && !failed:
		return run, waitErr
	}
	return run, nil
}

// readEvents reads events until r ends. Lines that are no events are skipped.
func readEvents(r io.Reader) (*testRun, error) {
	run := &testRun{packages: make(map[string]*packageRun), builds: make(map[string]string)}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil {
			run.add(e)
		}
		switch {
		case err == io.EOF:
			return run, nil
		case err != nil:
			return run, err
		}
	}
}

// mostOutput is how much of what one test prints is kept: enough for a message,
// however much a learner prints in a loop.
const mostOutput = 64 << 10

func (r *testRun) add(e event) {
	if e.Action == "build-output" {
		r.builds[e.ImportPath] += e.Output
		return
	}
	if e.Package == "" {
		return
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &packageRun{results: make(map[string]string), output: make(map[string]string)}
		r.packages[e.Package] = p
	}
	switch e.Action {
	case "run":
		p.tests = append(p.tests, e.Test)
	case "output":
		if len(p.output[e.Test]) < mostOutput {
			p.output[e.Test] += e.Output
		}
	case "pass", "fail", "skip":
		if e.Test == "" {
			p.result, p.failedBuild = e.Action, e.FailedBuild
		} else {
			p.results[e.Test] = e.Action
		}
	}
}
