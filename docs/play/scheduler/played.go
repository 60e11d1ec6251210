package scheduler

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/async/step03-statemachine/explore"
)

// maxChoices bounds a schedule. The longest run of a program has fewer steps than a third of it.
const maxChoices = 40

// An answer is all that the page needs to draw a run.
type answer struct {
	Programs []titled   `json:"programs"` // all that there are
	Program  described  `json:"program"`
	Lanes    []lane     `json:"lanes"`
	Rows     []row      `json:"rows"`
	Choices  []choice   `json:"choices"` // what can happen next
	Queue    []string   `json:"queue"`   // the tasks that are to be polled, in order
	State    finalState `json:"state"`
	Verdict  string     `json:"verdict"` // the state in words
	Test     string     `json:"test"`    // the schedule as a Go test
}

type titled struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

type described struct {
	titled
	About  string `json:"about"`
	File   string `json:"file"` // where Source stands, from the repository's root
	Source string `json:"source"`
}

// A choice is a thread that can do its next step.
type choice struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// A finalState says whether a run is at its end.
type finalState string

const (
	goesOn finalState = "goes on"
	done   finalState = "done" // all tasks are over; an event may still be outstanding
	lost   finalState = "lost" // a task waits, and nobody is left to wake it
)

// played runs the program along the choices. An error says what is wrong with them.
func played(p *program, choices []string) (*answer, error) {
	if len(choices) > maxChoices {
		return nil, fmt.Errorf("more than %d choices", maxChoices)
	}
	if slices.ContainsFunc(choices, func(name string) bool { return len(strings.Fields(name)) != 1 }) {
		return nil, errors.New("a choice is the name of a lane: one word")
	}
	var s *stage
	schedule := strings.Join(choices, " ")
	position, err := explore.Follow(schedule, func(w *explore.World) { s = newStage(w, p) })
	if err != nil {
		return nil, err
	}
	a := &answer{
		Program: described{titled{p.name, p.title}, p.about, folder + "/" + p.file, p.source()},
		Lanes:   s.lanes,
		Rows:    s.rows(position.Steps),
		Choices: s.choices(position.Next),
		Queue:   []string{},
		State:   goesOn,
	}
	for _, p := range programs {
		a.Programs = append(a.Programs, titled{p.name, p.title})
	}
	for _, id := range s.manual.Queue() {
		a.Queue = append(a.Queue, s.lanes[s.tasks[id]].Name)
	}
	switch {
	case position.Failure != nil:
		a.State, a.Verdict = lost, position.Failure.Message
	case a.allOver() && p.fault != "":
		a.State, a.Verdict = done, "all tasks are over. In this order it went well, and yet the program is wrong."
	case a.allOver():
		a.State, a.Verdict = done, "all tasks are over."
	}
	a.Test = savedTest(p, schedule, a.State)
	return a, nil
}

// folder is where this package stands in the repository.
const folder = "docs/play/scheduler"

// allOver reports whether no task is left.
func (a *answer) allOver() bool {
	last := a.Rows[len(a.Rows)-1]
	for i, l := range a.Lanes {
		if l.Kind == taskLane && last.Cells[i].State != over {
			return false
		}
	}
	return true
}

func (s *stage) choices(next []explore.Step) []choice {
	choices := []choice{} // null in JSON would be a third thing
	for _, step := range next {
		label := step.Label
		if label != pollLabel(step.Thread) && step.Thread != clockName {
			label = step.Thread + ": " + label
		}
		choices = append(choices, choice{step.Thread, label})
	}
	return choices
}
