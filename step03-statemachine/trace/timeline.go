package trace

import (
	"slices"
	"time"
)

// A timeline is what a picture shows of the events: those with a beginning and an end as spans, the
// others as they are.
type timeline struct {
	from, to time.Duration
	tasks    []TaskID // in the order in which they first appear
	workers  []int    // that have parked, in the order of their numbers
	polls    []span
	parks    []span
	marks    []Event // all that have no duration
	lives    map[TaskID]life
}

// A span is a poll or a park. One whose beginning the ring has lost begins with the
// timeline; one that hasn't ended ends with it.
type span struct {
	from, to time.Duration
	task     TaskID
	worker   int
	result   Kind   // of a poll: PollPending, PollReady, Panicked, or PollStart if it hasn't ended; of a park: Parked
	note     string // what the end of the poll said, or else its beginning
}

// A life is the time from a task's first event to its last.
type life struct {
	from, to time.Duration
	end      Kind // Completed, Cancelled, or Spawned if it hasn't ended
}

func newTimeline(events []Event) *timeline {
	tl := &timeline{lives: make(map[TaskID]life)}
	if len(events) == 0 {
		return tl
	}
	tl.from, tl.to = events[0].At, events[len(events)-1].At
	polling := make(map[TaskID]Event)
	parked := make(map[int]Event)
	for _, e := range events {
		tl.live(e)
		switch e.Kind {
		case PollStart:
			polling[e.Task] = e
		case PollPending, PollReady, Panicked:
			start, ok := polling[e.Task]
			if !ok {
				start = Event{At: tl.from, Worker: e.Worker}
			}
			delete(polling, e.Task)
			tl.polls = append(tl.polls, pollSpan(start, e.At, e.Task, e.Kind, e.Note))
		case Parked:
			parked[e.Worker] = e
			tl.worker(e.Worker)
		case Unparked:
			start, ok := parked[e.Worker]
			if !ok {
				start.At = tl.from
			}
			delete(parked, e.Worker)
			tl.worker(e.Worker)
			tl.parks = append(tl.parks, span{from: start.At, to: e.At, worker: e.Worker, result: Parked, note: start.Note})
		default:
			tl.marks = append(tl.marks, e)
		}
	}
	for _, e := range events { // in the order of the events, since a map has none
		if start, ok := polling[e.Task]; ok && e.Kind == PollStart && start.At == e.At {
			tl.polls = append(tl.polls, pollSpan(start, tl.to, e.Task, PollStart, ""))
			delete(polling, e.Task)
		}
		if start, ok := parked[e.Worker]; ok && e.Kind == Parked && start.At == e.At {
			tl.parks = append(tl.parks, span{from: e.At, to: tl.to, worker: e.Worker, result: Parked, note: e.Note})
			delete(parked, e.Worker)
		}
	}
	slices.Sort(tl.workers)
	return tl
}

func pollSpan(start Event, to time.Duration, task TaskID, result Kind, note string) span {
	if note == "" {
		note = start.Note
	}
	return span{from: start.At, to: to, task: task, worker: start.Worker, result: result, note: note}
}

// live stretches the life of the task to e.
func (tl *timeline) live(e Event) {
	if e.Task == 0 {
		return
	}
	l, ok := tl.lives[e.Task]
	if !ok {
		tl.tasks = append(tl.tasks, e.Task)
		l = life{from: e.At, end: Spawned}
	}
	if l.end == Spawned {
		l.to = e.At
	}
	if e.Kind == Completed || e.Kind == Cancelled {
		l.end = e.Kind
	}
	tl.lives[e.Task] = l
}

func (tl *timeline) worker(n int) {
	if !slices.Contains(tl.workers, n) {
		tl.workers = append(tl.workers, n)
	}
}
