package trace

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// WriteJSON writes the events in Chrome's Trace Event Format, which ui.perfetto.dev and
// chrome://tracing show: a row for each task with its polls, a row for each worker with its sleeps,
// the rest as marks. Times are in microseconds.
func (t *Trace) WriteJSON(w io.Writer) error {
	events, lost := t.snapshot()
	tl := newTimeline(events)
	file := chromeTrace{TraceEvents: []chromeEvent{}, OtherData: map[string]any{"lostEvents": lost}}
	add := func(e chromeEvent) { file.TraceEvents = append(file.TraceEvents, e) }

	named := func(what string, process int, row uint64, name string) {
		add(chromeEvent{Name: what, Phase: "M", Process: process, Row: row, Args: args("", "name", name)})
	}
	named("process_name", taskRows, 0, "tasks")
	named("process_name", workerRows, 0, "workers")
	for _, id := range tl.tasks {
		named("thread_name", taskRows, uint64(id), t.Name(id))
	}
	for _, n := range tl.workers {
		named("thread_name", workerRows, uint64(n), fmt.Sprintf("worker %d", n))
	}
	for _, p := range tl.polls {
		add(chromeEvent{
			Name: p.result.String(), Phase: "X", Process: taskRows, Row: uint64(p.task),
			Start: microseconds(p.from), Duration: microseconds(p.to - p.from),
			Args: args(p.note, "worker", p.worker),
		})
	}
	for _, p := range tl.parks {
		add(chromeEvent{
			Name: "parked", Phase: "X", Process: workerRows, Row: uint64(p.worker),
			Start: microseconds(p.from), Duration: microseconds(p.to - p.from), Args: args(p.note, "", nil),
		})
	}
	for _, e := range tl.marks {
		mark := chromeEvent{
			Name: e.Kind.String(), Phase: "i", Scope: "t",
			Process: taskRows, Row: uint64(e.Task), Start: microseconds(e.At),
		}
		if e.Kind == Woken {
			mark.Args = args(e.Note, "by", t.by(e))
		} else {
			mark.Args = args(e.Note, "", nil)
		}
		add(mark)
	}
	return json.NewEncoder(w).Encode(file)
}

// Rows are grouped by process in the viewers.
const (
	taskRows   = 1
	workerRows = 2
)

type chromeTrace struct {
	TraceEvents []chromeEvent  `json:"traceEvents"`
	OtherData   map[string]any `json:"otherData"`
}

type chromeEvent struct {
	Name     string         `json:"name"`
	Phase    string         `json:"ph"` // X: has a duration, i: a mark, M: names a row
	Scope    string         `json:"s,omitempty"`
	Process  int            `json:"pid"`
	Row      uint64         `json:"tid"`
	Start    float64        `json:"ts"`
	Duration float64        `json:"dur,omitempty"`
	Args     map[string]any `json:"args,omitempty"`
}

func args(note, key string, value any) map[string]any {
	args := make(map[string]any)
	if note != "" {
		args["note"] = note
	}
	if key != "" {
		args[key] = value
	}
	return args
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
