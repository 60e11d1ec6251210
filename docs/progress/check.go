package progress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"example.com/async/docs/progress/grade"
)

// ErrUnknown says that there is no such step or exercise.
var ErrUnknown = errors.New("there is no such step or exercise")

// Check grades what is asked for, prints how far it is to w, and reports whether all of it is done. With watch, it goes on: what is
// saved is graded again, and printed, until ctx ends. The error is [ErrUnknown], or says that root is not the repository.
//
// What is asked for is "" (all), a step (3, step03, step03-statemachine), an exercise (3.2), or its folder. Of one exercise alone
// the rule and the hint are printed, too: who wants to find it without them asks for more than one.
func Check(ctx context.Context, w io.Writer, root, what string, watch bool) (done bool, err error) {
	course, err := New(root)
	if err != nil {
		return false, err
	}
	if err := course.keepOnly(what); err != nil {
		return false, err
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		course.Run(ctx)
	}()
	defer func() { stop(); <-ended }()

	p := &printer{w: w, alone: len(course.Snapshot().Items) == 1}
	now := course.Snapshot()
	for { // the first round, in the order of the course
		p.printKnown(now)
		if p.printed == len(now.Items) {
			break
		}
		if now, err = course.Wait(ctx, now.Revision); err != nil {
			return false, nil // somebody has pressed Ctrl-C
		}
	}
	p.printNext(now)
	if watch {
		fmt.Fprintln(w, "\nNow edit and save: what changes is checked again. Ctrl-C ends this.")
		for seen := now; ; seen = now {
			if now, err = course.Wait(ctx, now.Revision); err != nil {
				now = seen
				break
			}
			p.printChanged(seen, now)
		}
	}
	return now.Done() == len(now.Items), nil
}

// keepOnly leaves out the exercises that are not asked for. It is for the time before Run.
func (c *Course) keepOnly(what string) error {
	asks := parseAsked(what)
	c.mu.Lock()
	defer c.mu.Unlock()
	var kept []Item
	for _, item := range c.now.Items {
		if asks(item.Exercise) {
			kept = append(kept, item)
		}
	}
	if len(kept) == 0 {
		return fmt.Errorf("%w: %q; one looks like 3, 3.2, step03, or step03-statemachine/exercises/join", ErrUnknown, what)
	}
	c.now.Items = kept
	return nil
}

var (
	askedStep     = regexp.MustCompile(`^(?:step)?0*(\d+)(?:-[a-z0-9]+)?$`)
	askedExercise = regexp.MustCompile(`^\d+\.\d+$`)
)

// parseAsked returns a function that says whether an exercise is asked for.
func parseAsked(what string) func(grade.Exercise) bool {
	what = strings.Trim(strings.TrimPrefix(filepath.ToSlash(what), "./"), "/")
	what = strings.TrimSuffix(what, "/exercise.go") // as an editor or a shell completes it
	switch step := askedStep.FindStringSubmatch(what); {
	case what == "":
		return func(grade.Exercise) bool { return true }
	case askedExercise.MatchString(what):
		return func(e grade.Exercise) bool { return e.Name() == what }
	case step != nil:
		number, err := strconv.Atoi(step[1])
		return func(e grade.Exercise) bool {
			return err == nil && e.Step == number && (!strings.Contains(what, "-") || strings.HasPrefix(e.Dir, what+"/"))
		}
	}
	return func(e grade.Exercise) bool { return e.Dir == what }
}

// A printer prints a course as lines.
type printer struct {
	w       io.Writer
	alone   bool // one exercise was asked for
	printed int  // items of the first round
	notes   int
}

// printKnown prints what is known at the front of what was not printed yet.
func (p *printer) printKnown(now Snapshot) {
	for ; p.notes < len(now.Notes); p.notes++ {
		fmt.Fprintln(p.w, now.Notes[p.notes])
	}
	for ; p.printed < len(now.Items) && !now.Items[p.printed].Waiting; p.printed++ {
		p.print(now.Items[p.printed])
	}
}

// printChanged prints what was graded since.
func (p *printer) printChanged(before, now Snapshot) {
	changed := false
	for i, item := range now.Items {
		if item.Times != before.Items[i].Times {
			p.print(item)
			changed = true
		}
	}
	if changed && now.Settled() {
		p.printNext(now)
	}
}

func (p *printer) print(item Item) {
	const indent = "       "
	fmt.Fprintf(p.w, "%4d.%d  %-17s%s\n", item.Step, item.Number, item.Status(), item.Title)
	switch {
	case item.Failure != "":
		fmt.Fprintln(p.w, indent+item.Failure)
	case item.State == grade.NotStarted && p.alone, item.State == grade.DoesNotCompile, item.State == grade.Broken, item.State == grade.Red:
		fmt.Fprintln(p.w, indent+item.Why)
	}
	failed := item.FirstFailed()
	if !p.alone || failed == nil {
		return
	}
	if failed.Details != "" {
		fmt.Fprintln(p.w, indent+strings.ReplaceAll(failed.Details, "\n", "\n"+indent))
	}
	if failed.Rule != "" {
		fmt.Fprintln(p.w, indent+"rule: "+failed.Rule)
	}
	if failed.Hint != "" {
		fmt.Fprintln(p.w, indent+"hint: "+failed.Hint)
	}
}

func (p *printer) printNext(now Snapshot) {
	if p.alone {
		if now.Done() == 1 {
			fmt.Fprintln(p.w, "\nCompare it with "+filepath.FromSlash(now.Items[0].Solution()))
		}
		return
	}
	fmt.Fprintf(p.w, "\n%d of %d done\n", now.Done(), len(now.Items))
	next, found := now.Next()
	if !found {
		return
	}
	where := filepath.FromSlash(next.File())
	if next.State == grade.NotStarted {
		where = next.Why // which names file, line and function
	}
	fmt.Fprintf(p.w, "Next: %s\n      go run ./docs check %s\n", where, next.Name())
}
