package workshop

import (
	"fmt"
	"strings"

	"example.com/async/docs/weave"
)

// Table is a format as Markdown: a table for each session, which says when each part begins.
func (s *Schedule) Table(f *Format) string {
	var b strings.Builder
	for i, session := range f.Sessions {
		if i > 0 {
			b.WriteByte('\n')
		}
		if len(f.Sessions) > 1 {
			fmt.Fprintf(&b, "**%s**\n\n", session.Title)
		}
		b.WriteString("| at | minutes | part | of |\n| --: | --: | --- | --- |\n")
		now := 0
		for _, block := range session.Blocks {
			if block.Break != "" {
				fmt.Fprintf(&b, "| %s | %d | *%s* | |\n", clock(now), block.Minutes, block.Break)
				now += block.Minutes
			}
			for _, id := range block.Parts {
				p := s.script(block.Script).part(id)
				fmt.Fprintf(&b, "| %s | %d | [%s](%s.md#%s) | %s |\n",
					clock(now), p.Minutes, p.title, block.Script, weave.Slug(p.title), stepOf(block.Script))
				now += p.Minutes
			}
		}
		fmt.Fprintf(&b, "| %s | **%d** | end | |\n", clock(now), now)
	}
	return b.String()
}

// stepOf is a script's step as a table names it: "01-tcp" is step 1.
func stepOf(script string) string {
	number, _, _ := strings.Cut(strings.TrimLeft(script, "0"), "-")
	return "step " + number
}

// Cuts is what a format can leave out, in which order, and how much time that gives back.
func (s *Schedule) Cuts(f *Format) string {
	return cutsTable(f.Cuts, func(cut Cut) (*Part, string) {
		return s.script(cut.Script).part(cut.Part), cut.Script + ".md"
	})
}

// CutsTable is the same of a script, for its own page.
func (s *Script) CutsTable() string {
	return cutsTable(s.Cuts, func(cut Cut) (*Part, string) { return s.part(cut.Part), "" })
}

// cutsTable asks find for each part, and for the page that it stands on.
func cutsTable(cuts []Cut, find func(Cut) (*Part, string)) string {
	var b strings.Builder
	b.WriteString("| cut | saves | together | instead |\n| --- | --: | --: | --- |\n")
	together := 0
	for _, cut := range cuts {
		p, page := find(cut)
		together += p.Minutes
		fmt.Fprintf(&b, "| [%s](%s#%s) | %d | %d | %s |\n", p.title, page, weave.Slug(p.title), p.Minutes, together, cut.Instead)
	}
	return b.String()
}
