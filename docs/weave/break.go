package weave

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// A Break is a change that a chapter asks its readers to make, to see what goes
// red, and then to take back. It is a diff block after <!-- break FILE -->: lines
// that begin with "-" go, lines that begin with "+" come, the others say where,
// and a line @@ stands for any lines between. There are no line numbers to rot.
type Break struct {
	// File is the path below the repository's root of the file that changes.
	File string
	// Line is the number of the directive's line in the chapter.
	Line int

	hunks []hunk
}

// hunk is a run of lines before and after the change.
type hunk struct{ before, after []string }

// Break returns the change that the block shows, if it shows one.
func (b *Block) Break() (Break, bool) {
	d, ok := b.Directive("break")
	if !ok {
		return Break{}, false
	}
	change := Break{File: d.Rest, Line: d.Line}
	var h hunk
	for _, line := range splitLines(b.Text) {
		if strings.HasPrefix(line, "@@") {
			change.hunks = append(change.hunks, h)
			h = hunk{}
			continue
		}
		kind, text := byte(' '), ""
		if line != "" {
			kind, text = line[0], line[1:]
		}
		if kind != '+' {
			h.before = append(h.before, text)
		}
		if kind != '-' {
			h.after = append(h.after, text)
		}
	}
	change.hunks = append(change.hunks, h)
	return change, true
}

// Apply returns source with the change made. Each run of lines must stand in
// it once, after the run before; otherwise readers could not find it either.
func (b Break) Apply(source string) (string, error) {
	lines := splitLines(source)
	from := 0
	for _, h := range b.hunks {
		if len(h.before) == 0 {
			return "", errors.New("the diff doesn't say where the new lines go: show a line before or after them")
		}
		at := find(lines, h.before, from)
		switch {
		case at < 0:
			return "", fmt.Errorf("%s has no such lines: %q", b.File, strings.Join(h.before, "\n"))
		case find(lines, h.before, at+1) >= 0:
			return "", fmt.Errorf("%s has these lines twice: %q", b.File, strings.Join(h.before, "\n"))
		}
		lines = slices.Replace(lines, at, at+len(h.before), h.after...)
		from = at + len(h.after)
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// find is the index, from from on, of the first run of lines equal to run, or -1.
func find(lines, run []string, from int) int {
	for at := from; at+len(run) <= len(lines); at++ {
		if slices.Equal(lines[at:at+len(run)], run) {
			return at
		}
	}
	return -1
}

// checkBreaks finds the changes that can't be made any more.
func (c *Chapter) checkBreaks(src *sources) []Problem {
	var problems []Problem
	for _, block := range c.Blocks() {
		change, ok := block.Break()
		if !ok {
			continue
		}
		if err := src.tryBreak(change); err != nil {
			problems = append(problems, c.problem(change.Line, "this change can't be made: %v", err))
		}
	}
	return problems
}

func (s *sources) tryBreak(change Break) error {
	file, err := s.file(change.File)
	if err != nil {
		return err
	}
	changed, err := change.Apply(strings.Join(file.lines, "\n"))
	if err != nil || !strings.HasSuffix(change.File, ".go") {
		return err
	}
	if _, err := parser.ParseFile(token.NewFileSet(), change.File, changed, parser.SkipObjectResolution); err != nil {
		return fmt.Errorf("it leaves something that is not Go: %w", err)
	}
	return nil
}
