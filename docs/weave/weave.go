package weave

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Mend is the command that rewrites what is stale.
const Mend = "go generate ./docs"

// A Problem is one thing in one chapter that isn't true.
type Problem struct {
	// File is the chapter's path below the repository's root.
	File string
	// Line counts from 1.
	Line int
	// Message says what is wrong and, where that is known, what mends it.
	Message string
}

// Error is file:line: message, the form that editors can follow.
func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// Check reads README.md and docs/**/*.md below root and returns all that is
// wrong with them, ordered by file and line. It changes nothing. It runs the
// go command when a chapter shows code that is wrong on purpose.
//
// The error says that the check could not be done.
func Check(root string) ([]Problem, error) {
	chapters, err := ReadChapters(root)
	if err != nil {
		return nil, err
	}
	src := newSources(root)
	repo := newRepository(root, src)

	var problems []Problem
	for _, c := range chapters {
		problems = append(problems, c.checkWefts(src)...)
		problems = append(problems, c.checkGoBlocks()...)
		problems = append(problems, c.checkBreaks(src)...)
		problems = append(problems, c.checkLinks(repo)...)
		problems = append(problems, c.checkMentions(repo)...)
		problems = append(problems, c.checkFigures(repo)...)
		problems = append(problems, c.checkPlays(repo)...)
		problems = append(problems, c.checkSlides(repo)...)
	}
	wrong, err := checkWrongBlocks(root, chapters)
	if err != nil {
		return nil, err
	}
	problems = append(problems, wrong...)

	slices.SortStableFunc(problems, func(a, b Problem) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Line - b.Line
	})
	return problems, nil
}

// Rewrite brings every quote and include below root up to date and returns the
// paths of the chapters that it changed. A quote that can't be found is left as
// it is; the error then joins a [Problem] for each.
func Rewrite(root string) (changed []string, err error) {
	chapters, err := ReadChapters(root)
	if err != nil {
		return nil, err
	}
	src := newSources(root)
	var problems []error
	for _, c := range chapters {
		text, unfound := c.rewritten(src)
		problems = append(problems, unfound...)
		if text == string(c.Source) {
			continue
		}
		file := filepath.Join(root, filepath.FromSlash(c.Path))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return changed, fmt.Errorf("weave: rewrite chapter: %w", err)
		}
		changed = append(changed, c.Path)
	}
	return changed, errors.Join(problems...)
}

// rewritten is the chapter's source with all that can be found brought up to date.
func (c *Chapter) rewritten(src *sources) (text string, problems []error) {
	wefts := c.wefts(src)
	// From the end, so that the offsets before stay right.
	slices.SortFunc(wefts, func(a, b weft) int { return b.start - a.start })
	text = string(c.Source)
	for _, w := range wefts {
		if w.err != nil {
			problems = append(problems, c.problem(w.line, "%v", w.err))
			continue
		}
		text = text[:w.start] + w.want + text[w.stop:]
	}
	return text, problems
}

// Root is the folder of this repository: dir or the closest one above it whose go.mod
// names the tutorial's module. Somebody's own module below or above is none.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if text, err := os.ReadFile(filepath.Join(at, "go.mod")); err == nil && module.Match(text) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("weave: neither %s nor a folder above it is the tutorial's", dir)
		}
	}
}

// module finds the line of go.mod that names this repository.
var module = regexp.MustCompile(`(?m)^module example\.com/async\r?$`)

// checkWefts finds the quotes that differ from their source.
func (c *Chapter) checkWefts(src *sources) []Problem {
	var problems []Problem
	for _, w := range c.wefts(src) {
		switch {
		case w.err != nil:
			problems = append(problems, c.problem(w.line, "%v", w.err))
		case string(c.Source[w.start:w.stop]) != w.want:
			problems = append(problems, c.problem(w.line, "%s: %s; mend it with: %s",
				w.what, firstDifference(string(c.Source[w.start:w.stop]), w.want), Mend))
		}
	}
	return problems
}

// firstDifference describes the first line that differs.
func firstDifference(got, want string) string {
	gotLines, wantLines := splitLines(got), splitLines(want)
	for i := range max(len(gotLines), len(wantLines)) {
		switch {
		case i >= len(wantLines):
			return fmt.Sprintf("it has %q too much", gotLines[i])
		case i >= len(gotLines):
			return fmt.Sprintf("it lacks %q", wantLines[i])
		case gotLines[i] != wantLines[i]:
			return fmt.Sprintf("it says %q, the source %q", gotLines[i], wantLines[i])
		}
	}
	return "only its last newline differs"
}

func (c *Chapter) problem(line int, format string, args ...any) Problem {
	return Problem{File: c.Path, Line: line, Message: fmt.Sprintf(format, args...)}
}
