package pictures

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A Future looks, and then registers its waker. The search finds the order in which this goes
// wrong, and the picture is the trace of that very run.
func TestPicture_ofALostWakeUp(t *testing.T) {
	var last *trace.Trace
	failure, _ := explore.Search(explore.Limits{}, func(w *explore.World) {
		last = w.Trace()
		slowClock(last)
		lookThenRegister(w)
	})
	require.NotNil(t, failure)
	require.Contains(t, failure.Message, "lost wake-up")
	last.OnEvent = nil // the threads are gone
	for range 4 {
		last.Clock() // time goes on
	}
	last.Record(trace.Event{Kind: trace.Noted, Note: "and so for ever"})
	compare(t, "03-lost-wakeup.svg", last)
}

// slowClock lets a millisecond pass with each event.
func slowClock(events *trace.Trace) {
	now := -time.Millisecond
	events.Clock = func() time.Duration {
		now += time.Millisecond
		return now
	}
}

func lookThenRegister(w *explore.World) {
	var happened bool
	var registered future.Waker
	manual := executor.NewManual(w.Trace())
	note := func(id trace.TaskID, text string) {
		w.Trace().Record(trace.Event{Kind: trace.Noted, Task: id, Note: text})
	}
	var task *executor.JoinHandle[struct{}]
	task = executor.Spawn(manual, future.Future[struct{}](future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		note(task.ID(), "looks: not yet")
		if happened {
			return struct{}{}, true
		}
		note(task.ID(), "registers its waker")
		registered = cx.Waker()
		return
	})))
	w.Trace().Label(task.ID(), "the task")
	w.Go("worker", func() {
		for !task.Done() {
			if !manual.RunOne(0) {
				w.Trace().Record(trace.Event{Kind: trace.Parked})
				w.Wait("a task in the queue", func() bool { return len(manual.Queue()) > 0 })
				w.Trace().Record(trace.Event{Kind: trace.Unparked})
			}
		}
	})
	w.Go("event", func() {
		note(0, "it happens")
		happened = true
		if registered == nil {
			note(0, "whom to wake? nobody")
			return
		}
		registered.Wake()
	})
}
