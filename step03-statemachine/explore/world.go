package explore

import (
	"fmt"
	"slices"
	"strings"

	"example.com/async/step03-statemachine/trace"
)

// A Program sets up what its threads share, starts them with [World.Go], and returns; then
// they run. It is called once for each order, so it must begin from nothing each time. It
// must be deterministic: no real time, no random numbers, no goroutine, no iteration over a map.
type Program func(w *World)

// A World is what one run of a program happens in. Its methods are called by the program and by its
// threads; only one of them runs at any time, so what they share needs no lock.
//
// A World is a testify TestingT: require.Equal(w, ...) works in threads and in checks.
type World struct {
	threads  []*thread
	running  *thread // nil: the program's set-up, a condition or a check runs
	checks   []func()
	trace    *trace.Trace
	steps    []Step
	message  string // how it failed; "" if it hasn't
	stopping bool   // the run is over: threads that still wait are unwound
}

// Go adds a thread. Its name is a single word and not taken: schedules are written
// with it. f first runs when the thread is chosen.
func (w *World) Go(name string, f func()) { w.add(name, f) }

// Whenever adds something that may happen each time that cond is true, any number of times: a clock
// that can be turned, a task that can be polled when it is queued. It is a thread that does it again and
// again, and that needs no end: where nobody can go on it is not said to wait. label says what do does,
// up to its first point if it has some; name and cond are as in Go and Wait.
func (w *World) Whenever(name, label string, cond func() bool, do func()) {
	var th *thread
	th = w.add(name, func() {
		for {
			th.cond, th.resting = nil, false
			do()
			th.resting = true
			w.pause(label, cond)
		}
	})
	th.label, th.cond, th.resting = label, cond, true
}

func (w *World) add(name string, f func()) *thread {
	if name == "" || strings.ContainsAny(name, " \t\n") {
		panic(fmt.Sprintf("explore: a thread's name is one word, not %q", name))
	}
	if slices.ContainsFunc(w.threads, func(th *thread) bool { return th.name == name }) {
		panic(fmt.Sprintf("explore: there are two threads %q", name))
	}
	th := w.newThread(name, f)
	w.threads = append(w.threads, th)
	return th
}

// Point is where another thread may overtake: put one before each step that others can see.
// The label says what the step does. Outside a thread, Point does nothing.
//
// Hold no sync.Mutex at a point: a thread that then wants it would wait for ever, and
// so would the search, since the one who has it is never chosen again.
func (w *World) Point(label string) { w.pause(label, nil) }

// Wait is a point that the thread passes only when cond is true, which somebody else must bring
// about. cond may be called often, by any goroutine; it looks, and changes nothing.
func (w *World) Wait(label string, cond func() bool) { w.pause(label, cond) }

// Trace returns a trace whose every event is a point of the thread that records it. Give it to
// the code under test. Tasks that have a label are shown by it.
func (w *World) Trace() *trace.Trace {
	if w.trace == nil {
		w.trace = trace.New(eventsKept)
		w.trace.OnEvent = func(e trace.Event) {
			if w.running != nil {
				w.Point(eventLabel(w.trace, e))
			}
		}
	}
	return w.trace
}

// Watch returns a trace whose events are no points, and tells heard of each, with the number of the step in
// which it happens; those of the program's set-up have 0. Give it to code that is to run in large
// steps, a whole poll in one, say.
func (w *World) Watch(heard func(step int, e trace.Event)) *trace.Trace {
	tr := trace.New(eventsKept)
	tr.OnEvent = func(e trace.Event) {
		if w.stopping {
			panic(unwind{}) // as at a point: what is only unwound has not happened
		}
		heard(len(w.steps), e)
	}
	return tr
}

// eventsKept is enough for the last steps of a small program.
const eventsKept = 64

func eventLabel(tr *trace.Trace, e trace.Event) string {
	if e.Kind == trace.Noted {
		return e.Note
	}
	label := e.Kind.String()
	if e.Task != 0 {
		label += " " + tr.Name(e.Task)
	}
	if e.Note != "" {
		label += " (" + e.Note + ")"
	}
	return label
}

// AtEnd adds a check, which runs after all threads have ended.
func (w *World) AtEnd(check func()) { w.checks = append(w.checks, check) }

// Errorf says that the program has failed. The run stops at the next point. The
// first message counts.
func (w *World) Errorf(format string, args ...any) {
	if w.message == "" {
		w.message = strings.TrimSpace(fmt.Sprintf(format, args...))
	}
}

// Assert fails the program and stops the thread unless ok is true.
func (w *World) Assert(ok bool, format string, args ...any) {
	if !ok {
		w.Errorf(format, args...)
		panic(unwind{})
	}
}

// FailNow stops the thread that calls it.
func (w *World) FailNow() {
	w.Errorf("FailNow")
	panic(unwind{})
}

// unwind is what a thread panics with to end before its function returns.
type unwind struct{}

// guarded calls f. A panic of f is a failure.
func (w *World) guarded(who string, f func()) {
	defer func() {
		switch v := recover(); v.(type) {
		case nil, unwind:
		default:
			w.Errorf("%s panicked: %v", who, v)
		}
	}()
	f()
}
