package workshop

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A part of a script begins like this:
//
//	## The silent client
//
//	<!-- part silent -->
//	**10 minutes** · evening 0:13–0:23 · day 0:13–0:23 · half day 0:08–0:18
//
// and has stamps in its text, minutes since the part began: **+3**.
var (
	partHead = regexp.MustCompile(`(?m)^## (.+)\n\n<!-- part (\S+) -->\n((?:\*\*\d+ minutes?\*\*.*\n)?)`)
	nextHead = regexp.MustCompile(`(?m)^## `)
	step     = regexp.MustCompile(`(?m)^\*\*\+(\d+)\*\*`)
)

// read takes the titles and stamps of the script's parts from its file.
func (s *Script) read(folder fs.FS) (problems []error) {
	data, err := fs.ReadFile(folder, s.Name+".md")
	if err != nil {
		return []error{err}
	}
	text := string(data)
	var found []string
	for _, at := range partHead.FindAllStringSubmatchIndex(text, -1) {
		title, id := text[at[2]:at[3]], text[at[4]:at[5]]
		found = append(found, id)
		p := s.part(id)
		if p == nil {
			continue // the list of all parts will differ
		}
		p.title = title
		body := text[at[1]:]
		if end := nextHead.FindStringIndex(body); end != nil {
			body = body[:end[0]]
		}
		p.steps = nil
		for _, match := range step.FindAllStringSubmatch(body, -1) {
			minute, _ := strconv.Atoi(match[1]) // digits
			if last := len(p.steps) - 1; last >= 0 && minute <= p.steps[last] || minute >= p.Minutes {
				problems = append(problems, fmt.Errorf("%s: %s takes %d minutes, and has a stamp +%d behind %v", s.Name, id, p.Minutes, minute, p.steps))
			}
			p.steps = append(p.steps, minute)
		}
	}
	var want []string
	for _, p := range s.Parts {
		want = append(want, p.ID)
	}
	if !slices.Equal(found, want) {
		problems = append(problems, fmt.Errorf("%s.md has the parts %v, and schedule.json %v", s.Name, found, want))
	}
	return problems
}

// Stamp is the line that stands below the comment of a part: how long it takes, and where the clock stands
// before and after it in each format.
func (s *Schedule) Stamp(script *Script, p *Part) string {
	unit := "minutes"
	if p.Minutes == 1 {
		unit = "minute"
	}
	line := fmt.Sprintf("**%d %s**", p.Minutes, unit)
	for _, f := range s.Formats {
		if start, ok := s.start(f, script.Name, p.ID); ok {
			line += fmt.Sprintf(" · %s %s–%s", f.Short, clock(start), clock(start+p.Minutes))
		} else {
			line += fmt.Sprintf(" · not in the %s", f.Short)
		}
	}
	return line
}

// start is how many minutes of its session are over when a part begins.
func (s *Schedule) start(f *Format, script, part string) (minutes int, ok bool) {
	for _, session := range f.Sessions {
		now := 0
		for _, b := range session.Blocks {
			now += b.Minutes
			for _, id := range b.Parts {
				if b.Script == script && id == part {
					return now, true
				}
				now += s.script(b.Script).part(id).Minutes
			}
		}
	}
	return 0, false
}

// restamp returns the text of a script with the stamps that it should have.
func (s *Schedule) restamp(script *Script, text string) string {
	return partHead.ReplaceAllStringFunc(text, func(head string) string {
		match := partHead.FindStringSubmatch(head)
		p := script.part(match[2])
		if p == nil {
			return head
		}
		return strings.TrimSuffix(head, match[3]) + s.Stamp(script, p) + "\n"
	})
}

// clock writes minutes as a clock does: 1:05.
func clock(minutes int) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }
