package workshop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// A Schedule says how long the parts of each script take, and what each format is made of.
type Schedule struct {
	Scripts []*Script `json:"scripts"`
	Formats []*Format `json:"formats"`
}

// A Script is what a presenter has for one step: the file NAME.md beside schedule.json.
type Script struct {
	Name  string  `json:"name"`
	Parts []*Part `json:"parts"` // in their order
	// Cuts are parts of the script that can be left out when time runs out, the first one first.
	Cuts []Cut `json:"cuts"`
}

// A Part is a section of a script that is taught in one go, or not at all.
type Part struct {
	ID      string `json:"id"` // as in the comment below the heading, <!-- part ID -->
	Minutes int    `json:"minutes"`

	title string // the heading
	steps []int  // the minutes at which the walkthrough has stamps, **+3**
}

// A Cut is a part that can be left out.
type Cut struct {
	Script string `json:"script"` // of a format's cut; a script's own cuts need none
	Part   string `json:"part"`
	// Instead is what to say in its place.
	Instead string `json:"instead"`
}

// A Format is a workshop of a given length.
type Format struct {
	Name     string    `json:"name"`
	Title    string    `json:"title"`
	Short    string    `json:"short"` // in stamps
	Sessions []Session `json:"sessions"`
	// Cuts are parts of the format that can be left out when time runs out, the first one first. An evening is a
	// script, and has the script's.
	Cuts []Cut `json:"cuts"`
}

// A Session is what is taught between coming and going.
type Session struct {
	Title   string  `json:"title"`
	Minutes int     `json:"minutes"` // breaks included
	Blocks  []Block `json:"blocks"`
}

// A Block is parts of one script, or a break.
type Block struct {
	Script  string   `json:"script"`
	Parts   []string `json:"parts"`
	Break   string   `json:"break"`
	Minutes int      `json:"minutes"` // of a break
}

// Read reads schedule.json and the scripts beside it. The error names everything that does not fit
// together, so that whoever moves a part sees all of it at once.
func Read(folder fs.FS) (*Schedule, error) {
	data, err := fs.ReadFile(folder, "schedule.json")
	if err != nil {
		return nil, fmt.Errorf("workshop: %w", err)
	}
	s := new(Schedule)
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields() // a misspelt field would be a schedule without it
	if err := decoder.Decode(s); err != nil {
		return nil, fmt.Errorf("workshop: schedule.json: %w", err)
	}
	var problems []error
	for _, script := range s.Scripts {
		problems = append(problems, script.read(folder)...)
		problems = append(problems, script.check()...)
	}
	for _, f := range s.Formats {
		for _, session := range f.Sessions {
			problems = append(problems, s.check(f, session)...)
		}
		problems = append(problems, s.checkCuts(f)...)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("workshop: %w", err)
	}
	return s, nil
}

// check says what is wrong with a script's own data.
func (s *Script) check() (problems []error) {
	for i, p := range s.Parts {
		if p.Minutes <= 0 {
			problems = append(problems, fmt.Errorf("%s: %s takes no time", s.Name, p.ID))
		}
		if slices.ContainsFunc(s.Parts[:i], func(other *Part) bool { return other.ID == p.ID }) {
			problems = append(problems, fmt.Errorf("%s: two parts %s", s.Name, p.ID))
		}
	}
	for _, cut := range s.Cuts {
		if s.part(cut.Part) == nil {
			problems = append(problems, fmt.Errorf("%s: %s can't be cut: there is no such part", s.Name, cut.Part))
		}
	}
	return problems
}

// check says what is wrong with a session. It must fill its time exactly, and go through each script from
// above to below: a presenter can't search for the next part while a room looks on.
func (s *Schedule) check(f *Format, session Session) (problems []error) {
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s, %s: "+format, append([]any{f.Name, session.Title}, args...)...))
	}
	sum := 0
	last := map[string]int{} // the index of the last part of a script
	for _, b := range session.Blocks {
		if b.Break != "" {
			sum += b.Minutes
			continue
		}
		script := s.script(b.Script)
		if script == nil {
			wrong("there is no script %q", b.Script)
			continue
		}
		for _, id := range b.Parts {
			at := slices.IndexFunc(script.Parts, func(p *Part) bool { return p.ID == id })
			switch before, seen := last[b.Script]; {
			case at < 0:
				wrong("%s has no part %s", b.Script, id)
				continue
			case seen && at <= before:
				wrong("%s of %s comes too late", id, b.Script)
			}
			last[b.Script] = at
			sum += script.Parts[at].Minutes
		}
	}
	if sum != session.Minutes {
		wrong("its parts and breaks take %d minutes, and it has %d", sum, session.Minutes)
	}
	return problems
}

// checkCuts says which cuts of a format are none.
func (s *Schedule) checkCuts(f *Format) (problems []error) {
	for _, cut := range f.Cuts {
		used := false
		for _, session := range f.Sessions {
			for _, b := range session.Blocks {
				used = used || b.Script == cut.Script && slices.Contains(b.Parts, cut.Part)
			}
		}
		if !used {
			problems = append(problems, fmt.Errorf("%s: it has no part %s of %s that could be cut", f.Name, cut.Part, cut.Script))
		}
	}
	return problems
}

func (s *Schedule) script(name string) *Script {
	for _, script := range s.Scripts {
		if script.Name == name {
			return script
		}
	}
	return nil
}

func (s *Script) part(id string) *Part {
	for _, p := range s.Parts {
		if p.ID == id {
			return p
		}
	}
	return nil
}
