package lesson

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// A recorder is the T of one run of a case. It notes failures instead of failing
// a test, so that a case can be seen to fail. All methods may be called from
// several goroutines.
type recorder struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	failures []string
	cleanups []func()
}

func newRecorder() *recorder {
	ctx, cancel := context.WithCancel(context.Background())
	return &recorder{ctx: ctx, cancel: cancel}
}

func (r *recorder) Errorf(format string, args ...any) {
	r.fail(plain(fmt.Sprintf(format, args...)))
}

func (r *recorder) FailNow() {
	r.fail("")
	runtime.Goexit()
}

func (r *recorder) Helper() {}

func (r *recorder) Context() context.Context { return r.ctx }

func (r *recorder) Cleanup(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, f)
}

// fail notes a failure. An empty one counts only if it is the first: FailNow mostly
// follows an Errorf that has said why.
func (r *recorder) fail(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if message != "" || len(r.failures) == 0 {
		r.failures = append(r.failures, message)
	}
}

// failure is all that was noted, or "" if nothing was.
func (r *recorder) failure() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.failures) == 1 && r.failures[0] == "" {
		return "the case failed without a word"
	}
	return strings.Join(r.failures, "\n")
}

// run calls check and then the cleanups, each protected from the panics of the
// others. It returns when all of them have; FailNow in check ends only check.
func (r *recorder) run(check func()) {
	r.protect(check)
	r.cancel()
	for {
		r.mu.Lock()
		last := len(r.cleanups) - 1
		if last < 0 {
			r.mu.Unlock()
			return
		}
		cleanup := r.cleanups[last]
		r.cleanups = r.cleanups[:last]
		r.mu.Unlock()
		r.protect(cleanup)
	}
}

// protect calls f on a goroutine of its own, because FailNow ends the goroutine
// that it is called on, and waits for it.
func (r *recorder) protect(f func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer func() {
			if cause := recover(); cause != nil {
				r.fail(fmt.Sprintf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		f()
	}()
	<-ended
}

// testifyLabel finds the labels in a message of testify's: a tab, a name, a
// colon, blanks, a tab.
var testifyLabel = regexp.MustCompile(`(?m)^\t(Error Trace|Error|Test|Messages): *\t`)

// plain turns testify's report around: first the sentence that the case gave, then
// what testify found. The trace is left out: it shows the suite's lines, and the
// learner's mistake is not there.
func plain(message string) string {
	labels := testifyLabel.FindAllStringSubmatchIndex(message, -1)
	if labels == nil {
		return message
	}
	parts := make(map[string]string)
	for i, label := range labels {
		end := len(message)
		if i+1 < len(labels) {
			end = labels[i+1][0]
		}
		parts[message[label[2]:label[3]]] = unindent(message[label[1]:end])
	}
	if parts["Messages"] == "" {
		return parts["Error"]
	}
	return parts["Messages"] + "\n  " + strings.ReplaceAll(parts["Error"], "\n", "\n  ")
}

// unindent trims what testify puts in front of the further lines of a part.
func unindent(part string) string {
	lines := strings.Split(strings.TrimSpace(part), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimSpace(lines[i]), "\t")
	}
	return strings.Join(lines, "\n")
}
