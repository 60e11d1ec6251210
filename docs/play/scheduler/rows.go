package scheduler

import (
	"fmt"
	"slices"

	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/trace"
)

// A row is what one step has done; the first one is the set-up.
type row struct {
	Label string   `json:"label"`
	Lane  int      `json:"lane"` // who did it; -1 for the set-up
	Cells []cell   `json:"cells"`
	Wakes []int    `json:"wakes"` // the lanes whose tasks it has woken, but for its own
	Text  []string `json:"text"`  // the same in sentences
}

// A cell is where a row and a lane meet.
type cell struct {
	State laneState `json:"state"` // after the step
	Did   string    `json:"did"`   // "" if the lane did not do the step, or else its colour: pending, ready, polling, event, clock
	Lines []string  `json:"lines"` // what is written there
}

// A laneState says what a lane's task, or the worker, is doing.
type laneState string

const (
	none    laneState = ""        // an event, the clock, a worker that is awake
	queued  laneState = "queued"  // will be polled
	polling laneState = "polling" // is in the middle of a poll
	waiting laneState = "waiting" // for a call of its waker
	over    laneState = "over"
	asleep  laneState = "asleep" // the worker: nothing is queued
)

// A drawing is the rows while they are made. It follows the executor's trace.
type drawing struct {
	*stage
	states []laneState
	woken  []bool // of a task that is being polled: will be queued again
	row    *row
}

// rows draws the steps.
func (s *stage) rows(steps []explore.Step) []row {
	d := &drawing{stage: s, states: make([]laneState, len(s.lanes)), woken: make([]bool, len(s.lanes))}
	var rows []row
	for n := range len(steps) + 1 {
		d.row = &row{Label: "set-up", Lane: -1, Cells: make([]cell, len(s.lanes)), Wakes: []int{}, Text: []string{}}
		for i := range d.row.Cells {
			d.row.Cells[i].Lines = []string{}
		}
		if n > 0 {
			d.begin(steps[n-1])
		}
		for _, h := range s.log {
			if h.step == n {
				d.draw(h)
			}
		}
		d.end()
		rows = append(rows, *d.row)
	}
	return rows
}

// begin draws who does the step.
func (d *drawing) begin(step explore.Step) {
	d.row.Lane = slices.IndexFunc(d.lanes, func(l lane) bool { return l.Name == step.Thread })
	d.row.Label = step.Label
	l, at := d.lanes[d.row.Lane], &d.row.Cells[d.row.Lane]
	switch {
	case l.Kind == taskLane && step.Label == pollLabel(l.Name):
		at.Did = string(polling)
		d.write(d.row.Lane, "poll")
	case l.Kind == taskLane:
		at.Did = string(polling)
		d.write(d.row.Lane, step.Label)
	case l.Kind == clockLane:
		at.Did = string(clockLane)
	default:
		at.Did = string(eventLane)
		d.write(d.row.Lane, step.Label)
	}
}

// draw draws one event of the trace.
func (d *drawing) draw(h happening) {
	i := d.tasks[h.Task]
	switch h.Kind {
	case trace.Spawned:
		d.states[i] = queued
		d.write(i, "spawned")
		d.tell("%s is spawned, and queued.", d.lanes[i].Name)
	case trace.PollStart:
		d.states[i], d.woken[i] = polling, false
	case trace.PollPending:
		d.row.Cells[i].Did = "pending"
		d.write(i, "→ pending")
		if d.states[i] = waiting; d.woken[i] {
			d.states[i] = queued
			d.tell("The poll returns pending, and %s is queued again: it was woken meanwhile.", d.lanes[i].Name)
		} else {
			d.tell("The poll returns pending. %s waits for a call of its waker.", d.lanes[i].Name)
		}
	case trace.PollReady:
		d.row.Cells[i].Did = "ready"
		d.states[i] = over
		d.write(i, "→ ready")
		d.tell("The poll returns ready: %s is over.", d.lanes[i].Name)
	case trace.Woken:
		d.wake(i)
	case trace.Noted:
		d.note(h.Note)
	}
}

// wake draws a call of the waker of lane i by who does the step.
func (d *drawing) wake(i int) {
	name, by := d.lanes[i].Name, d.lanes[d.row.Lane].Name
	if i == d.row.Lane {
		d.woken[i] = true
		d.write(i, "wakes itself")
		d.tell("%s wakes itself.", name)
		return
	}
	d.row.Wakes = append(d.row.Wakes, i)
	switch d.states[i] {
	case waiting:
		d.states[i] = queued
		d.write(i, "woken")
		d.tell("%s wakes %s: it is queued.", by, name)
	case polling:
		d.woken[i] = true
		d.write(i, "woken")
		d.tell("%s wakes %s, which is being polled: it will be queued again.", by, name)
	default:
		d.write(i, "woken again")
		d.tell("%s wakes %s, which is %s: that changes nothing.", by, name, d.states[i])
	}
}

func (d *drawing) note(text string) {
	l := d.lanes[d.row.Lane]
	if l.Kind == taskLane {
		text = "“" + text + "”"
		d.tell("%s says %s.", l.Name, text)
	} else {
		d.tell("%s: %s.", l.Name, text)
	}
	d.write(d.row.Lane, text)
}

// end draws the states after the step.
func (d *drawing) end() {
	last := len(d.lanes) - 1
	before := d.states[last]
	d.states[last] = none
	if slices.Contains(d.states, waiting) && !slices.Contains(d.states, queued) && !slices.Contains(d.states, polling) {
		d.states[last] = asleep
		if before != asleep {
			d.write(last, "sleeps")
			d.tell("Nothing is queued: the worker goes to sleep.")
		}
	} else if before == asleep {
		d.write(last, "awake")
		d.tell("The worker is awake.")
	}
	for i, state := range d.states {
		d.row.Cells[i].State = state
	}
}

func (d *drawing) write(lane int, line string) {
	d.row.Cells[lane].Lines = append(d.row.Cells[lane].Lines, line)
}

func (d *drawing) tell(format string, args ...any) {
	d.row.Text = append(d.row.Text, fmt.Sprintf(format, args...))
}
