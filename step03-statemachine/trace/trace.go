package trace

import (
	"fmt"
	"sync"
	"time"
)

// A Trace is a ring of the newest events. A nil *Trace is a trace that is off: whoever records asks
// for nil first. All methods are safe from several goroutines.
type Trace struct {
	// OnEvent is called by Record, on the goroutine that records, before the event is in the ring:
	// so before the step that the event names. It may block, and let others overtake. Its
	// Event has no At yet. Set it before the Trace is used; nil means that nobody listens.
	OnEvent func(Event)

	// Clock says what time it is, for Event.At. Set it before the Trace is used; nil
	// means the time since New. It must not go backwards.
	Clock func() time.Duration

	start time.Time

	mu     sync.Mutex
	ring   []Event
	total  uint64 // events recorded so far; the next one goes to ring[total % len(ring)]
	labels map[TaskID]string
}

// New returns a Trace that keeps the newest events many events.
func New(events int) *Trace {
	if events <= 0 {
		panic("trace: a ring needs room for at least one event")
	}
	return &Trace{start: time.Now(), ring: make([]Event, events), labels: make(map[TaskID]string)}
}

// Record puts e into the ring and fills in e.At. It allocates nothing.
func (t *Trace) Record(e Event) {
	if t.OnEvent != nil {
		t.OnEvent(e)
	}
	t.mu.Lock()
	e.At = t.now() // under the lock: the ring is in the order of time
	t.ring[t.total%uint64(len(t.ring))] = e
	t.total++
	t.mu.Unlock()
}

func (t *Trace) now() time.Duration {
	if t.Clock != nil {
		return t.Clock()
	}
	return time.Since(t.start)
}

// Label gives a task a name to be shown by; 0 is whatever is no task. A Trace keeps the names of
// all tasks that were ever labelled, so label the few that you want to see.
func (t *Trace) Label(id TaskID, name string) {
	t.mu.Lock()
	t.labels[id] = name
	t.mu.Unlock()
}

// Name returns the label of a task, or "task 7" if it has none. 0 is "outside" then.
func (t *Trace) Name(id TaskID) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if name, ok := t.labels[id]; ok {
		return name
	}
	if id == 0 {
		return outside
	}
	return fmt.Sprintf("task %d", id)
}

const outside = "outside"

// Snapshot returns a copy of the events that the ring still has, oldest first.
func (t *Trace) Snapshot() []Event {
	events, _ := t.snapshot()
	return events
}

// snapshot also tells how many events the ring has lost.
func (t *Trace) snapshot() (events []Event, lost uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	size := uint64(len(t.ring))
	if t.total <= size {
		return append(events, t.ring[:t.total]...), 0
	}
	oldest := t.total % size
	events = append(events, t.ring[oldest:]...)
	return append(events, t.ring[:oldest]...), t.total - size
}
