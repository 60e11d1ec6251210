package trace

import (
	"fmt"
	"time"
)

// A TaskID names a task. Ids begin at 1 and are not used again; 0 is nobody: a goroutine
// outside the runtime, or the runtime itself.
type TaskID uint64

// An Event is one thing that happened to a task or to a worker.
type Event struct {
	At     time.Duration // since New, or what Trace.Clock says; Record fills it in
	Kind   Kind
	Task   TaskID // whom it happened to; 0 for Parked and Unparked
	By     TaskID // Woken, Aborted, Spawned: the task that did it, 0 if it was none, or if nobody knows
	Source Source // Woken: where the wake came from
	Worker int    // polls and parks: the worker, from 0; without meaning in other kinds
	Note   string // what else there is to say: the state of a machine, a file descriptor, a panic
}

// A Kind says what happened. Each is recorded before the step that it names.
type Kind uint8

const (
	Spawned     Kind = iota // the task exists now, and will be polled
	PollStart               // a worker begins to poll the task
	PollPending             // the poll has returned: not ready
	PollReady               // the poll has returned a value
	Woken                   // somebody has called the task's waker
	Aborted                 // somebody has asked for the task's end
	Cancelled               // the task ends without a value: its Future is cancelled
	Completed               // the task's result can be seen by who waits for it
	Panicked                // the poll has panicked, or called runtime.Goexit
	Joined                  // somebody registers to be woken when the task completes
	Parked                  // the worker has nothing to do, and goes to sleep
	Unparked                // the worker is awake again
	TimerFired              // the deadline has passed
	IOReady                 // the reactor has seen that a descriptor is ready
	Noted                   // whatever Note says
)

var kindNames = [...]string{
	Spawned:     "spawned",
	PollStart:   "poll",
	PollPending: "poll -> pending",
	PollReady:   "poll -> ready",
	Woken:       "woken",
	Aborted:     "abort",
	Cancelled:   "cancelled",
	Completed:   "completed",
	Panicked:    "panicked",
	Joined:      "join",
	Parked:      "park",
	Unparked:    "unpark",
	TimerFired:  "timer fired",
	IOReady:     "io ready",
	Noted:       "note",
}

// String returns the name that WriteText prints.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", k)
}

// A Source says where a wake came from.
type Source uint8

const (
	Outside Source = iota // a goroutine that is no worker, or nobody knows
	Task                  // the poll of Event.By
	Timer                 // a deadline
	Reactor               // a descriptor
)

var sourceNames = [...]string{Outside: "outside", Task: "task", Timer: "timer", Reactor: "reactor"}

// String returns the name that WriteText prints.
func (s Source) String() string {
	if int(s) < len(sourceNames) {
		return sourceNames[s]
	}
	return fmt.Sprintf("Source(%d)", s)
}
