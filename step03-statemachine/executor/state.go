package executor

import (
	"fmt"
	"sync/atomic"
)

// A state says what a task is doing. It is one atomic word, and it alone decides whether
// the task is queued, polled or cancelled.
//
// Anybody may wake and abort, at any time. Whoever takes a task out of its queue begins,
// and owns the task until one of three: pending or end after the poll, drop after the
// Future was cancelled. The tables say what becomes of the state above, and behind the
// comma what the one who has moved it must do then. A dash, or no cell, cannot happen.
//
//	        | idle            | notified      | running         | runningNotified | complete
//	wake    | notified, queue | notified      | runningNotified | runningNotified | complete
//	begin   | -               | running, poll | -               | -               | -
//	pending | -               | -             | idle            | notified, queue | -
//	end     | -               | -             | complete        | complete        | -
//	abort   | aborted, queue  | aborted       | runningAborted  | runningAborted  | complete
//
// After an abort:
//
//	        | aborted                | runningAborted         | cancelled
//	wake    | aborted                | runningAborted         | cancelled
//	abort   | aborted                | runningAborted         | cancelled
//	begin   | runningAborted, cancel | -                      | -
//	pending | -                      | runningAborted, cancel | -
//	end     | -                      | complete               | -
//	drop    | -                      | cancelled              | -
//
// Read them by rows, and you see:
//
//   - A task is in one queue exactly while it is notified or aborted: only the step into
//     these states queues it. A thousand wakes queue it once.
//   - Nobody polls it twice at the same time: while it runs, a wake only leaves a note.
//   - A wake during the poll is not lost: begin takes the note away before the poll, so that
//     a note which is there after it came in between, and pending queues the task again.
//   - An abort never touches the Future of a task that is being polled. The poll ends first,
//     and if it was ready, the value wins.
type state uint32

const (
	idle            state = iota // waits for its waker; in no queue
	notified                     // is in a queue, to be polled
	running                      // is being polled
	runningNotified              // is being polled, and was woken since the poll began
	aborted                      // is in a queue, to be cancelled
	runningAborted               // is being polled or cancelled, and will not be polled again
	complete                     // has a value, or has panicked
	cancelled                    // was cancelled before it had a value
)

var stateNames = [...]string{
	"idle", "notified", "running", "runningNotified", "aborted", "runningAborted", "complete", "cancelled",
}

func (s state) String() string { return stateNames[s] }

// over reports whether the result is there.
func (s state) over() bool { return s == complete || s == cancelled }

// A duty is what the one who has moved a state must do next.
type duty uint8

const (
	nothing  duty = iota
	queueIt       // put the task into a queue
	pollIt        // poll its Future
	cancelIt      // cancel its Future
)

// A transition is a row of the table.
type transition = func(state) (state, duty)

// wake: somebody has called the task's waker.
func (s state) wake() (state, duty) {
	switch s {
	case idle:
		return notified, queueIt
	case running:
		return runningNotified, nothing
	}
	return s, nothing
}

// abort: somebody wants the task to end. Its Future is cancelled by a worker, never by the caller,
// so an idle task has to be queued.
func (s state) abort() (state, duty) {
	switch s {
	case idle:
		return aborted, queueIt
	case notified:
		return aborted, nothing
	case running, runningNotified:
		return runningAborted, nothing
	}
	return s, nothing
}

// begin: a worker has taken the task out of its queue.
func (s state) begin() (state, duty) {
	switch s {
	case notified:
		return running, pollIt
	case aborted:
		return runningAborted, cancelIt
	}
	panic(impossible("begin", s))
}

// pending: the poll has returned without a value.
func (s state) pending() (state, duty) {
	switch s {
	case running:
		return idle, nothing
	case runningNotified:
		return notified, queueIt
	case runningAborted:
		return runningAborted, cancelIt
	}
	panic(impossible("pending", s))
}

// end: the poll has returned a value, or has panicked.
func (s state) end() (state, duty) {
	switch s {
	case running, runningNotified, runningAborted:
		return complete, nothing
	}
	panic(impossible("end", s))
}

// drop: the Future of an aborted task was cancelled.
func (s state) drop() (state, duty) {
	if s == runningAborted {
		return cancelled, nothing
	}
	panic(impossible("drop", s))
}

func impossible(transition string, s state) string {
	return fmt.Sprintf("executor: a task that is %v cannot %s", s, transition)
}

// A stateWord is a state that several goroutines move.
type stateWord struct{ word atomic.Uint32 }

func (w *stateWord) load() state { return state(w.word.Load()) }

// move makes one step of the table.
//
// A wake of a task that is notified changes nothing, but is written all the same. It makes
// what happened before that wake visible to the poll, which an earlier one may have queued.
func (w *stateWord) move(along transition) duty {
	for {
		from := w.load()
		to, duty := along(from)
		if w.word.CompareAndSwap(uint32(from), uint32(to)) {
			return duty
		}
	}
}
