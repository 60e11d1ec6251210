package executor

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A Spawner is what tasks can be spawned on: a [*Runtime] or a [*Manual].
type Spawner interface {
	base() *home
}

// Spawn makes a task of f, which it owns from now on, and returns at once. The task is polled by the
// executor, not here, whether anybody uses the handle or not. Spawn may be called from any goroutine,
// also from inside a poll or of Cancel.
//
// On a Runtime that was shut down, f is cancelled before Spawn returns, and the result is ErrCancelled.
func Spawn[T any](s Spawner, f future.Future[T]) *JoinHandle[T] {
	home := s.base()
	h := &JoinHandle[T]{future: f}
	t := &h.task
	t.home, t.body, t.id = home, h, trace.TaskID(home.ids.Add(1))
	t.recordBy(trace.Spawned)
	t.state.move(state.wake) // so that it will be polled for the first time
	if home.add(t) {
		home.schedule(t)
	} else {
		t.kill()
	}
	return h
}

// A home is what the executors have in common: the list of their tasks, and whom to tell about them.
type home struct {
	schedule func(*task) // puts a task behind all that are to be polled
	mayWait  func()      // panics if JoinHandle.Wait must not block here
	trace    *trace.Trace
	logger   *slog.Logger
	ids      atomic.Uint64

	// The list is for Shutdown: a task that waits is in no queue, and nothing but somebody's
	// waker refers to it.
	mu     sync.Mutex
	closed bool
	last   *task // the newest
	count  int
}

// add takes t into the list. It reports false if the executor takes no more.
func (h *home) add(t *task) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	if h.last != nil {
		h.last.newer = t
	}
	t.older, h.last = h.last, t
	h.count++
	return true
}

// remove takes t out of the list, if it is there.
func (h *home) remove(t *task) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case t.newer != nil:
		t.newer.older = t.older
	case h.last == t:
		h.last = t.older
	default:
		return // was never added
	}
	if t.older != nil {
		t.older.newer = t.newer
	}
	t.older, t.newer = nil, nil
	h.count--
}

// close makes add refuse, and reports whether it did not do so before.
func (h *home) close() (first bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first = !h.closed
	h.closed = true
	return first
}

// newest returns the newest task that is left, or nil.
func (h *home) newest() *task {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// killAll cancels the tasks that are left. It is called when nobody polls any more.
func (h *home) killAll() {
	finished := false
	defer func() {
		if finished {
			return
		}
		if fault := recover(); fault != nil {
			panic(fault) // one of ours: task.run keeps those of Futures to itself
		}
		h.killAll() // a Cancel has called Goexit: that ends this goroutine, but first the rest is cancelled
	}()
	for t := h.newest(); t != nil; t = h.newest() {
		t.kill()
	}
	finished = true
}

func (h *home) tasks() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// report logs a panic that nobody waited for when it happened.
func (h *home) report(t *task, panicked *PanicError) {
	h.log().LogAttrs(context.Background(), slog.LevelError, "executor: a task panicked, and nobody waited for it",
		slog.Uint64("task", uint64(t.id)), slog.Any("panic", panicked.Value), slog.String("stack", string(panicked.Stack)))
}

func (h *home) log() *slog.Logger { return cmp.Or(h.logger, slog.Default()) }
