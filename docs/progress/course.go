package progress

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"

	"example.com/async/docs/progress/grade"
)

// A Course is the exercises of a repository and what is known of them. [Course.Run] finds out; the other methods
// may be called by many goroutines, before it, while it runs, and after.
type Course struct {
	root   string
	grader grade.Grader
	again  chan struct{}

	mu      sync.Mutex
	now     Snapshot
	wanted  []int         // exercises to be graded though they have not changed
	changed chan struct{} // is closed when now changes
}

// A Snapshot is what is known at some moment. It doesn't change.
type Snapshot struct {
	// Revision grows with each change.
	Revision uint64
	Items    []Item
	// Notes say what is less than it should be: no race detector, for example.
	Notes []string
}

// An Item is one exercise and how far it is.
type Item struct {
	grade.Exercise
	grade.Grade // the last one; it has no meaning until Graded
	Graded      bool
	// Waiting says that the exercise has changed since it was graded, or that nobody has graded it yet: it
	// will be, or is being, graded.
	Waiting bool
	// Times is how often it was graded, or seen to be untouched, since Run began.
	Times int
	// Failure says why the go command could not grade it; "" if it could.
	Failure string
}

// New returns the course of the repository at root. Exercises that nobody has touched are graded
// already; for the others run [Course.Run].
func New(root string) (*Course, error) {
	exercises, err := grade.Find(os.DirFS(root))
	if err != nil {
		return nil, err
	}
	if len(exercises) == 0 {
		return nil, fmt.Errorf("there are no exercises in this folder")
	}
	c := &Course{
		root:    root,
		grader:  grade.Grader{Root: root},
		again:   make(chan struct{}, 1),
		changed: make(chan struct{}),
	}
	for _, e := range exercises {
		item := Item{Exercise: e}
		item.Grade, item.Graded = c.grader.Untouched(e)
		item.Waiting = !item.Graded
		c.now.Items = append(c.now.Items, item)
	}
	return c, nil
}

// Snapshot returns what is known now.
func (c *Course) Snapshot() Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now
	now.Items = slices.Clone(now.Items)
	return now
}

// Wait returns what is known as soon as it is newer than a revision. The error is ctx's.
func (c *Course) Wait(ctx context.Context, revision uint64) (Snapshot, error) {
	for {
		c.mu.Lock()
		newer, changed := c.now.Revision > revision, c.changed
		c.mu.Unlock()
		if newer {
			return c.Snapshot(), nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Snapshot{}, ctx.Err()
		}
	}
}

// GradeAgain asks for an exercise to be graded though it has not changed: what it needs may have. It reports
// whether there is such an exercise.
func (c *Course) GradeAgain(dir string) bool {
	c.mu.Lock()
	i := slices.IndexFunc(c.now.Items, func(item Item) bool { return item.Dir == dir })
	if i >= 0 && !slices.Contains(c.wanted, i) {
		c.wanted = append(c.wanted, i)
	}
	c.mu.Unlock()
	select {
	case c.again <- struct{}{}:
	default: // it is known already that there is something
	}
	return i >= 0
}

// takeWanted returns what GradeAgain was asked for, once.
func (c *Course) takeWanted() []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	wanted := c.wanted
	c.wanted = nil
	return wanted
}

// change changes what is known, and tells those who wait.
func (c *Course) change(f func(*Snapshot)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.now)
	c.now.Revision++
	close(c.changed)
	c.changed = make(chan struct{})
}

// changeItem is change for one exercise.
func (c *Course) changeItem(i int, f func(*Item)) {
	c.change(func(s *Snapshot) { f(&s.Items[i]) })
}
