package executor

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A poller is what polls tasks, one at a time: a worker, or a call of Manual.RunOne.
type poller struct {
	cx     future.Context
	budget int
	worker int

	// What it is doing, for traces: which task, or what has woken the tasks that it wakes now.
	// Only its own goroutine looks at them.
	home    *home
	current trace.TaskID
	source  trace.Source
}

// record writes an event about t. This and its likes are called before the step that the event names, and
// without a lock: package explore lets another thread run there.
func (t *task) record(kind trace.Kind, p *poller) {
	if tr := t.home.trace; tr != nil {
		tr.Record(trace.Event{Kind: kind, Task: t.id, Worker: p.worker})
	}
}

// recordStart records that a poll begins, unless the task is to be cancelled instead.
func (t *task) recordStart(p *poller) {
	if t.home.trace == nil {
		return
	}
	p.current = t.id
	if t.state.load() != aborted {
		t.record(trace.PollStart, p)
	}
}

// recordBy records what somebody has done to t, and who.
func (t *task) recordBy(kind trace.Kind) {
	tr := t.home.trace
	if tr == nil {
		return
	}
	e := trace.Event{Kind: kind, Task: t.id}
	if p := pollerHere(); p != nil && p.home == t.home {
		e.By, e.Source = p.current, p.source
		if p.current != 0 {
			e.Source = trace.Task
		}
	}
	tr.Record(e)
}

// recordFired records that the driver or the timers have woken somebody.
func (h *home) recordFired(kind trace.Kind, p *poller, w future.Waker) {
	if h.trace == nil {
		return
	}
	e := trace.Event{Kind: kind, Worker: p.worker}
	if t, ok := w.(*task); ok {
		e.Task = t.id
	}
	h.trace.Record(e)
}

// recordPark records that w falls asleep or is awake again.
func (rt *Runtime) recordPark(kind trace.Kind, w *worker) {
	if rt.trace != nil {
		rt.trace.Record(trace.Event{Kind: kind, Worker: w.worker})
	}
}

// pollers knows which goroutine is which poller, while tracing. A Waker is not told who calls it, and Go
// gives a function no way to ask on whose behalf it runs (tokio has a thread-local variable for it), so we look it up
// by the goroutine's number. That takes microseconds.
var pollers sync.Map // from goroutine number, uint64, to *poller

// here says that this goroutine is p now, and returns a function that takes that back. Without a trace
// nobody asks.
func (p *poller) here() (restore func()) {
	if p.home.trace == nil {
		return func() {}
	}
	number := goroutineNumber()
	before, nested := pollers.Swap(number, p)
	return func() {
		if nested {
			pollers.Store(number, before)
		} else {
			pollers.Delete(number)
		}
	}
}

// pollerHere returns the poller that this goroutine is, or nil.
func pollerHere() *poller {
	if p, ok := pollers.Load(goroutineNumber()); ok {
		return p.(*poller)
	}
	return nil
}

// goroutineNumber reads it from the first line of the stack trace, "goroutine 7 [running]:".
func goroutineNumber() uint64 {
	var buf [32]byte
	line := buf[:runtime.Stack(buf[:], false)]
	digits, _, _ := bytes.Cut(bytes.TrimPrefix(line, []byte("goroutine ")), []byte(" "))
	number, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil {
		panic("executor: a stack trace begins otherwise than expected: " + string(line))
	}
	return number
}
