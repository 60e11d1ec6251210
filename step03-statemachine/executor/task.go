package executor

import (
	"errors"
	"fmt"
	"runtime/debug"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// ErrCancelled is the result of a task that was aborted, or that was left when its Runtime shut down.
var ErrCancelled = errors.New("executor: task cancelled")

// ErrGoexit is the result of a task that has called [runtime.Goexit] while it was polled. A failing test
// does that.
var ErrGoexit = errors.New("executor: task has called runtime.Goexit")

// A PanicError is the result of a task that has panicked while it was polled or cancelled.
type PanicError struct {
	Value any    // what it has panicked with
	Stack []byte // where, as [debug.Stack] shows it
}

func (e *PanicError) Error() string { return fmt.Sprintf("executor: task panicked: %v", e.Value) }

// Unwrap returns the Value if the task has panicked with an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// panicError makes an error of what somebody has panicked with, on the goroutine that
// panics. An error that tells of another task's end stays what it is: that stack is the one to see.
func panicError(value any) error {
	switch err := value.(type) {
	case *PanicError:
		return err
	case error:
		if err == ErrGoexit {
			return err
		}
	}
	return &PanicError{Value: value, Stack: debug.Stack()}
}

// A task is a Future that an executor polls. It is its own [future.Waker]: to clone the waker is to
// copy a pointer, and a wake allocates nothing.
type task struct {
	state stateWord
	id    trace.TaskID
	home  *home
	body  body

	next         *task // in the queue; guarded by the queue's lock
	older, newer *task // in the home's list of all tasks; guarded by home.mu
}

// A body is the part of a task that depends on the type of its value: [JoinHandle]. Its methods are
// called by the one who owns the task, see [state].
type body interface {
	advance(cx *future.Context) (ready bool) // polls the Future, and keeps the value
	discard()                                // cancels the Future, and forgets it
	// settle keeps err and moves the state to its end. It returns the waker of who waits for the
	// result; unheard means that nobody does.
	settle(last transition, err error) (waiter future.Waker, unheard bool)
}

// Wake implements [future.Waker].
func (t *task) Wake() {
	t.recordBy(trace.Woken)
	if t.state.move(state.wake) == queueIt {
		t.home.schedule(t)
	}
}

// abort asks for the task's end.
func (t *task) abort() {
	t.recordBy(trace.Aborted)
	if t.state.move(state.abort) == queueIt {
		t.home.schedule(t)
	}
}

// run polls the task once, or cancels it. The caller has taken it out of its queue.
//
// A panic ends the task and nothing else. A poll that calls [runtime.Goexit] ends the task, and
// then the goroutine: run does not return.
func (t *task) run(p *poller) {
	t.recordStart(p)
	if t.state.move(state.begin) == cancelIt {
		t.cancel(p)
		return
	}

	returned := false
	defer func() {
		if !returned {
			t.crash(p, recover()) // nil after a Goexit: nobody can stop that
		}
	}()
	p.cx.Renew(t, p.budget)
	ready := t.body.advance(&p.cx)
	returned = true

	if ready {
		t.record(trace.PollReady, p)
		t.finish(p, state.end, nil)
		return
	}
	t.record(trace.PollPending, p)
	switch t.state.move(state.pending) {
	case queueIt:
		t.home.schedule(t) // behind all others
	case cancelIt:
		t.cancel(p)
	}
}

// crash ends a task whose poll has panicked with value, or has called Goexit if that is nil.
func (t *task) crash(p *poller, value any) {
	err := ErrGoexit
	if value != nil {
		err = panicError(value)
	}
	t.record(trace.Panicked, p)
	defer t.finish(p, state.end, err) // also if the rest of the Future panics when it is cancelled:
	defer func() { _ = recover() }()  // the first panic is the one to report
	t.body.discard()
}

// cancel cancels the Future of an aborted task.
func (t *task) cancel(p *poller) {
	t.record(trace.Cancelled, p)
	err := ErrCancelled
	defer func() {
		if value := recover(); value != nil {
			err = panicError(value)
		}
		t.finish(p, state.drop, err)
	}()
	t.body.discard()
}

// finish makes the result visible, and wakes who waits for it. The Future has been released
// before: whoever sees the result may rely on that.
func (t *task) finish(p *poller, last transition, err error) {
	t.home.remove(t)
	t.record(trace.Completed, p)
	waiter, unheard := t.body.settle(last, err)
	if waiter != nil {
		waiter.Wake()
	}
	if panicked, ok := err.(*PanicError); ok && unheard {
		t.home.report(t, panicked)
	}
}

// kill cancels the Future of a task that nobody will run any more. It is called while nobody polls it.
func (t *task) kill() {
	t.state.move(state.abort)
	t.run(&poller{home: t.home})
}
