package pictures

import (
	"time"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A film is one worker in slow motion: what takes a microsecond takes as long as work says, so that
// it can be seen.
type film struct {
	events *trace.Trace
	manual *executor.Manual
	spent  time.Duration // by the poll that runs
}

func newFilm() *film {
	f := &film{events: trace.New(1000)}
	f.manual = executor.NewManual(f.events)
	f.events.Clock = func() time.Duration { return f.manual.Now().Sub(time.Unix(0, 0)) + f.spent }
	return f
}

// work lets time pass in a poll. Nobody else gets on meanwhile, no timer is fired: there is one
// worker.
func (f *film) work(d time.Duration) { f.spent += d }

// spawn makes a task that has a name. Its Future can tell who it is.
func (f *film) spawn(name string, newFuture func(id func() trace.TaskID) future.Future[struct{}]) {
	var task *executor.JoinHandle[struct{}]
	task = executor.Spawn(f.manual, newFuture(func() trace.TaskID { return task.ID() }))
	f.events.Label(task.ID(), name)
}

func (f *film) note(id trace.TaskID, text string) {
	f.events.Record(trace.Event{Kind: trace.Noted, Task: id, Note: text})
}

// run is the loop of a worker: poll, fire what is due, and sleep until the next deadline.
func (f *film) run() {
	for {
		for f.manual.RunOne(0) {
			f.pass(f.spent)
		}
		deadline, ok := f.manual.Timers().Next()
		if !ok {
			return
		}
		f.events.Record(trace.Event{Kind: trace.Parked})
		f.spent = deadline.Sub(f.manual.Now())
		f.events.Record(trace.Event{Kind: trace.Unparked})
		f.pass(f.spent)
	}
}

// pass turns the clock, which fires the timers that are due.
func (f *film) pass(d time.Duration) {
	f.spent = 0
	f.manual.Advance(d)
}
