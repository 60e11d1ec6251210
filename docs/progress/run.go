package progress

import (
	"context"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"example.com/async/docs/progress/grade"
)

const (
	// settle is how long nothing must have changed before the exercises are looked at: an editor that saves
	// makes several events of it.
	settle = 100 * time.Millisecond
	// lookAnyway is how often they are looked at without an event: folders that are shared with another machine, or with
	// a virtual one, send none.
	lookAnyway = 3 * time.Second
)

// Run watches the exercises until ctx ends, and grades those that have changed, one at a time. What was saved last
// is graded first. All that it has started has ended when it returns. It must not be called twice.
func (c *Course) Run(ctx context.Context) { c.run(ctx, lookAnyway) }

func (c *Course) run(ctx context.Context, lookAnyway time.Duration) {
	c.prepareRace(ctx)
	w := &work{
		course:   c,
		seen:     make([][sha256.Size]byte, len(c.Snapshot().Items)),
		finished: make(chan result),
	}
	defer w.stop()
	events, errs, watch, closeWatcher := c.openWatcher()
	defer closeWatcher()
	watch()

	look := make(<-chan time.Time)
	tick := time.NewTicker(lookAnyway)
	defer tick.Stop()
	w.lookFirst()
	for ctx.Err() == nil {
		w.startNext(ctx)
		select {
		case event := <-events:
			if isSource(filepath.Base(event.Name)) || event.Has(fsnotify.Remove) { // perhaps a folder
				look = time.After(settle)
			}
		case <-errs: // events were lost
			look = time.After(settle)
		case <-tick.C:
			watch() // folders that were gone and are there again
			w.look()
		case <-look:
			look = nil
			w.look()
		case <-c.again:
			for _, i := range c.takeWanted() {
				w.want(i)
			}
		case result := <-w.finished:
			w.finish(result)
		case <-ctx.Done():
		}
	}
}

// prepareRace finds out whether the race detector is usable.
func (c *Course) prepareRace(ctx context.Context) {
	env, err := grade.GoEnv(ctx, c.root)
	if err == nil {
		err = grade.JudgeRace(env, grade.TryRace(ctx, c.root), grade.FindCompiler(env))
	}
	c.grader.Race = err == nil
	if err != nil && ctx.Err() == nil {
		c.change(func(s *Snapshot) {
			s.Notes = append(s.Notes, "Graded without the race detector, which finds more: "+c.grader.Redact(err.Error())+".")
		})
	}
}

// openWatcher begins to watch. Without a watcher, the channels are silent: then the exercises are looked at from time to
// time. watch watches all folders, also those that are watched already.
func (c *Course) openWatcher() (events <-chan fsnotify.Event, errs <-chan error, watch, stop func()) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, nil, func() {}, func() {}
	}
	watch = func() {
		for _, item := range c.Snapshot().Items {
			_ = watcher.Add(filepath.Join(c.root, filepath.FromSlash(item.Dir))) // looked at from time to time
		}
	}
	return watcher.Events, watcher.Errors, watch, func() { _ = watcher.Close() }
}

// work is what the loop of Run knows. It belongs to that goroutine.
type work struct {
	course   *Course
	seen     [][sha256.Size]byte // the fingerprint of each exercise
	queue    []int               // exercises to grade, the next one first
	running  *running            // what is being graded, or nil
	finished chan result
}

type running struct {
	item   int
	cancel context.CancelFunc
	stale  bool // its result says nothing any more
}

type result struct {
	grade grade.Grade
	err   error
}

// lookFirst queues what is not known yet, in the order of the course.
func (w *work) lookFirst() {
	for i, item := range w.course.Snapshot().Items {
		w.seen[i] = w.fingerprint(item)
		if item.Waiting {
			w.queue = append(w.queue, i)
		}
	}
}

func (w *work) fingerprint(item Item) [sha256.Size]byte {
	return fingerprint(filepath.Join(w.course.root, filepath.FromSlash(item.Dir)))
}

// look queues what has changed.
func (w *work) look() {
	for i, item := range w.course.Snapshot().Items {
		if now := w.fingerprint(item); now != w.seen[i] {
			w.seen[i] = now
			w.want(i)
		}
	}
}

// want puts an exercise first in the queue. What is being graded is stopped: whoever has just saved a file waits, and
// a test that hangs would take half a minute.
func (w *work) want(i int) {
	w.queue = slices.DeleteFunc(w.queue, func(queued int) bool { return queued == i })
	if r := w.running; r != nil && !r.stale {
		r.stale = true
		r.cancel()
		if r.item != i {
			w.queue = append([]int{r.item}, w.queue...)
		}
	}
	if g, untouched := w.course.grader.Untouched(w.course.Snapshot().Items[i].Exercise); untouched {
		w.course.changeItem(i, func(item *Item) {
			item.Grade, item.Graded, item.Waiting, item.Failure = g, true, false, ""
			item.Times++
		})
		return
	}
	w.queue = append([]int{i}, w.queue...)
	w.course.changeItem(i, func(item *Item) { item.Waiting = true })
}

// startNext begins to grade the next exercise, unless one is being graded.
func (w *work) startNext(ctx context.Context) {
	if w.running != nil || len(w.queue) == 0 {
		return
	}
	i := w.queue[0]
	w.queue = w.queue[1:]
	ctx, cancel := context.WithCancel(ctx)
	w.running = &running{item: i, cancel: cancel}
	exercise := w.course.Snapshot().Items[i].Exercise
	go func() {
		g, err := w.course.grader.Grade(ctx, exercise)
		w.finished <- result{g, err}
	}()
}

// finish takes the result of what was being graded.
func (w *work) finish(r result) {
	done := w.running
	w.running = nil
	done.cancel()
	if done.stale || errors.Is(r.err, context.Canceled) {
		return
	}
	w.course.changeItem(done.item, func(item *Item) {
		item.Waiting, item.Failure = false, ""
		item.Times++
		if r.err != nil {
			item.Failure = w.course.grader.Redact(r.err.Error())
			return
		}
		item.Grade, item.Graded = r.grade, true
	})
}

// stop ends what is being graded, and waits for it.
func (w *work) stop() {
	if w.running != nil {
		w.running.cancel()
		<-w.finished
	}
}
