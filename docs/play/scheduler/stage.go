package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A stage is what a program stands on: an executor, and what may happen on it. Each lane but the worker's is a thread of the
// explore.World, and a choice is the name of the one that does the next step.
type stage struct {
	world  *explore.World
	manual *executor.Manual
	trace  *trace.Trace
	log    []happening
	lanes  []lane
	tasks  map[trace.TaskID]int // the lane of each
	fault  string               // why the program loses a wake-up, if it does
}

// A happening is an event of the executor's trace.
type happening struct {
	trace.Event
	step int // in which it was; 0 is the set-up
}

// A lane is one column of the picture.
type lane struct {
	Name string   `json:"name"`
	Kind laneKind `json:"kind"`
}

// A laneKind says what a lane shows.
type laneKind string

const (
	taskLane   laneKind = "task"
	eventLane  laneKind = "event"
	clockLane  laneKind = "clock"
	workerLane laneKind = "worker"
)

// newStage sets a program up in w.
func newStage(w *explore.World, p *program) *stage {
	s := &stage{world: w, tasks: map[trace.TaskID]int{}, fault: p.fault}
	s.trace = w.Watch(func(step int, e trace.Event) { s.log = append(s.log, happening{e, step}) })
	s.manual = executor.NewManual(s.trace)
	p.play(s)
	if p.clock {
		s.addClock()
	}
	s.lanes = append(s.lanes, lane{"worker", workerLane})
	w.AtEnd(s.check)
	return s
}

// spawn makes a task of f. It may be polled while it is queued; one choice is one poll, up to the first point in it.
func spawn[T any](s *stage, name string, f future.Future[T]) {
	id := executor.Spawn(s.manual, f).ID()
	s.tasks[id] = len(s.lanes)
	s.lanes = append(s.lanes, lane{name, taskLane})
	s.world.Whenever(name, pollLabel(name),
		func() bool { return slices.Contains(s.manual.Queue(), id) },
		func() { s.manual.RunTask(id) })
}

func pollLabel(name string) string { return "poll " + name }

// event adds something that comes from outside, once. label says what its first step does.
func (s *stage) event(name, label string, come func()) {
	came := false
	s.lanes = append(s.lanes, lane{name, eventLane})
	s.world.Whenever(name, label, func() bool { return !came }, func() {
		came = true
		come()
	})
}

const clockName = "clock"

// addClock adds the clock. It can be turned to the next deadline while a timer is set.
func (s *stage) addClock() {
	s.lanes = append(s.lanes, lane{clockName, clockLane})
	s.world.Whenever(clockName, "turn the clock",
		func() bool { _, set := s.manual.Timers().Next(); return set },
		func() {
			next, _ := s.manual.Timers().Next()
			s.say("it is " + next.Sub(time.Unix(0, 0)).String())
			s.manual.Advance(next.Sub(s.manual.Now()))
		})
}

// point is where something else may happen in the middle of a poll or of an event.
func (s *stage) point(label string) { s.world.Point(label) }

// say is how a program prints: beside whoever does the step.
func (s *stage) say(text string) {
	s.trace.Record(trace.Event{Kind: trace.Noted, Note: text})
}

func (s *stage) now() time.Time { return s.manual.Now() }

func (s *stage) sleep(d time.Duration) future.Future[struct{}] { return s.manual.Sleep(d) }

// check runs when nobody can go on: no task is queued, no event is outstanding, no timer is set.
func (s *stage) check() {
	var lost []string
	for id := trace.TaskID(1); int(id) <= len(s.tasks); id++ {
		if polled, pending := s.lastPoll(id); pending > 0 {
			lost = append(lost, s.waits(id, polled, pending))
		}
	}
	if lost != nil {
		s.world.Errorf("lost wake-up: %s %s", strings.Join(lost, " "), s.fault)
	}
}

// lastPoll returns the steps in which the task's last poll began and returned pending. pending is 0 if the task is over.
func (s *stage) lastPoll(id trace.TaskID) (polled, pending int) {
	for _, h := range s.log {
		switch {
		case h.Task != id:
		case h.Kind == trace.PollStart:
			polled, pending = h.step, 0
		case h.Kind == trace.PollPending:
			pending = h.step
		}
	}
	return polled, pending
}

func (s *stage) waits(id trace.TaskID, polled, pending int) string {
	name := s.lanes[s.tasks[id]].Name
	if polled != pending {
		return fmt.Sprintf("%s was polled in step %d, returned pending in step %d, and nobody has called its waker since.", name, polled, pending)
	}
	return fmt.Sprintf("%s returned pending in step %d, and nobody has called its waker since.", name, pending)
}
