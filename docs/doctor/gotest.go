package doctor

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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
}

// A packageRun is the tests of one package.
type packageRun struct {
	result      string            // "pass", "fail" or "skip"; "" if it never ended
	failedBuild string            // an ImportPath, if it could not be built
	tests       []string          // names, in the order in which they began
	results     map[string]string // by test
	output      map[string]string // by test; "" is the package's own
}

// runTest runs the test of one exercise. The error says that the go command
// could not be run to its end; a test that fails is none.
func runTest(ctx context.Context, root string, e exercise) (*testRun, error) {
	ctx, cancel := context.WithTimeout(ctx, goTestLimit)
	defer cancel()
	command := exec.CommandContext(ctx, "go", "test", "-json", "-run", "^"+exerciseTest+"$",
		"-timeout", testLimit.String(),
		"-failfast", // the first case that fails is the one to mend first
		"./"+e.dir)
	command.Dir = root
	// The go command may leave a test behind that holds its output open.
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
	run.stderr = strings.TrimSpace(stderr.String())
	switch _, failed := waitErr.(*exec.ExitError); {
	case ctx.Err() != nil:
		return run, fmt.Errorf("go test ./%s was stopped, it took too long", e.dir)
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
