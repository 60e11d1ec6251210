package progress

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"example.com/async/docs/book"
	"example.com/async/docs/progress/grade"
)

//go:embed page.html
var pageSource string

var pages = template.Must(template.New("").Parse(pageSource))

// A Frame is what the pages need of the book; [book.Site] is one.
type Frame interface {
	Frame(title string, content template.HTML, styles, scripts []string) ([]byte, error)
	Chapter(step int) (title, href string)
}

var _ Frame = (*book.Site)(nil)

// What the page needs beside what all pages have, below the site's root.
var (
	styles  = []string{"live/progress/progress.css"}
	scripts = []string{"live/progress/progress.js"}
)

// A part is a piece of the page that changes as a whole: the script exchanges those whose version is another one.
type part struct {
	ID, Version, Class string
	HTML               template.HTML
}

func newPart(id, class, name string, data any) (part, error) {
	var html strings.Builder
	if err := pages.ExecuteTemplate(&html, name, data); err != nil {
		return part{}, err
	}
	sum := sha256.Sum256([]byte(class + html.String()))
	return part{ID: id, Version: hex.EncodeToString(sum[:8]), Class: class, HTML: template.HTML(html.String())}, nil
}

// A step is the exercises of a step, under a heading.
type step struct {
	Number      int
	Title, Href string // of its chapter
	Exercises   []part
}

// render returns the page as it is now.
func render(course *Course, frame Frame) ([]byte, error) {
	now := course.Snapshot()
	summary, err := newPart("summary", "", "summary", now)
	if err != nil {
		return nil, err
	}
	var next struct {
		Item          *entry
		Chapter, Href string
		AllDone       bool
	}
	if item, found := now.Next(); found {
		next.Item = &entry{item, course.grader.Race}
		next.Chapter, next.Href = frame.Chapter(item.Step)
	}
	next.AllDone = now.Done() == len(now.Items)
	what, err := newPart("next", "next", "next", next)
	if err != nil {
		return nil, err
	}
	var steps []step
	for _, item := range now.Items {
		e := entry{item, course.grader.Race}
		if len(steps) == 0 || steps[len(steps)-1].Number != item.Step {
			title, href := frame.Chapter(item.Step)
			steps = append(steps, step{Number: item.Step, Title: title, Href: href})
		}
		p, err := newPart(e.ID(), e.class(), "exercise", e)
		if err != nil {
			return nil, err
		}
		last := &steps[len(steps)-1]
		last.Exercises = append(last.Exercises, p)
	}
	return inFrame(frame, "Your progress", "page", map[string]any{"Top": []part{summary, what}, "Steps": steps})
}

// renderSolution returns the page with one good answer.
func renderSolution(course *Course, frame Frame, item Item) ([]byte, error) {
	code, err := os.ReadFile(filepath.Join(course.root, filepath.FromSlash(item.Solution())))
	if err != nil {
		return nil, err
	}
	html, err := book.Code(string(code))
	if err != nil {
		return nil, err
	}
	e := entry{item, course.grader.Race}
	return inFrame(frame, item.Name()+" "+item.Title, "solution", map[string]any{"Item": item, "ID": e.ID(), "Code": html})
}

func inFrame(frame Frame, title, name string, data any) ([]byte, error) {
	var html strings.Builder
	if err := pages.ExecuteTemplate(&html, name, data); err != nil {
		return nil, err
	}
	return frame.Frame(title, template.HTML(html.String()), styles, scripts)
}

// An entry is an [Item] as the templates show it.
type entry struct {
	Item
	race bool
}

// ID is what links lead to.
func (e entry) ID() string { return "exercise-" + strings.ReplaceAll(e.Dir, "/", "-") }

// Key names a folded text, so that what was unfolded stays so: until another case is red.
func (e entry) Key(name string) string {
	if failed := e.FirstFailed(); failed != nil {
		return failed.Name + " " + name
	}
	return name
}

// Command is what to type in a terminal.
func (e entry) Command() string { return testCommand(e.Exercise, e.race) }

func testCommand(e grade.Exercise, race bool) string {
	flag := ""
	if race {
		flag = "-race "
	}
	return fmt.Sprintf("go test %s-run=Exercise ./%s", flag, e.Dir)
}

// SolutionHref leads to the page with one good answer.
func (e entry) SolutionHref() string { return "solution.html?of=" + url.QueryEscape(e.Dir) }

// class is how the style sheet calls the state.
func (e entry) class() string {
	switch {
	case e.Failure != "":
		return "is-broken"
	case !e.Graded:
		return "is-unknown"
	}
	return [...]string{"is-broken", "is-not-started", "is-red", "is-red", "is-done"}[e.State]
}

// What the templates ask.

func (e entry) IsNotStarted() bool   { return e.Graded && e.State == grade.NotStarted }
func (e entry) IsRed() bool          { return e.Graded && e.State == grade.Red }
func (e entry) DoesNotCompile() bool { return e.Graded && e.State == grade.DoesNotCompile }
func (e entry) IsBroken() bool       { return e.Graded && e.State == grade.Broken }

// PointsOn reports whether the first failed case's sentence ends with a colon: what was seen is then a part of it.
func (e entry) PointsOn() bool { return strings.HasSuffix(e.FirstFailed().Sentence, ":") }

// IsDoesNotCompileOrBroken reports whether Why is a line of the compiler.
func (e entry) IsDoesNotCompileOrBroken() bool { return e.DoesNotCompile() || e.IsBroken() }
