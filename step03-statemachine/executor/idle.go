package executor

import (
	"slices"
	"time"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// How workers fall asleep and are woken.
//
// The danger is this order of events:
//
//	worker                          somebody else
//	looks: there is no task
//	                                puts a task into the queue
//	                                looks: nobody sleeps, so there is nobody to wake
//	goes to sleep
//
// The task stays where it is until something else happens by chance. It takes the worker to announce that it
// will sleep, and then to look once more; and the others first to put the task there, and then to look
// who sleeps. Whichever of the two comes second sees what the first has done:
//
//	worker                          somebody else
//	announces: it is in sleepers    puts a task into the queue
//	looks for a task                looks at sleepers
//	sleeps                          wakes one
//
// And if the worker is woken between its second look and its sleep, its token keeps the wake.
//
// One worker at a time sleeps in the driver, the others wait for their tokens. Two rules
// more, for Workers > 1:
//
//   - Whoever is woken for work and finds more than it can do at once wakes the next one. So one push
//     wakes one worker at most, and yet all are awake when there is work for all.
//   - Whoever has found work wakes one also if nobody is left in the driver. That one looks, finds nothing,
//     and goes to sleep there. Otherwise one poll that takes long would keep all connections waiting
//     while other workers sleep.

// The parts of a Runtime that this needs, all guarded by its mu.
type idlers struct {
	unpark   *unpark
	sleepers []*worker // those that sleep, or have announced it
	inDriver *worker   // who has the driver to itself; nil if nobody has
	calling  bool      // a sleeper was woken, and has not found work yet: enough for now
}

// push puts t behind all others, and wakes a worker if one sleeps. It is [home.schedule].
func (rt *Runtime) push(t *task) {
	rt.mu.Lock()
	rt.queue.push(t)
	sleeper := rt.call()
	rt.mu.Unlock()
	wake(sleeper)
}

// share takes out of the common queue what is w's share of it, and returns the first of that; nil if
// the queue is empty.
func (rt *Runtime) share(w *worker) *task {
	rt.mu.Lock()
	if rt.queue.n == 0 {
		rt.mu.Unlock()
		return nil
	}
	n := (rt.queue.n + len(rt.workers) - 1) / len(rt.workers)
	tasks := rt.queue.cut(min(n, localMax))
	t := tasks.pop()
	if tasks.n > 0 {
		w.local.fill(tasks)
	}
	sleeper := rt.foundWork(w, tasks.n > 0 || rt.queue.n > 0)
	rt.mu.Unlock()
	wake(sleeper)
	return t
}

// sleep lets w sleep until there may be something to do.
func (w *worker) sleep() {
	rt := w.rt
	rt.recordPark(trace.Parked, w)
	inDriver := rt.announce(w)
	switch {
	case rt.anythingFor(w): // the second look
	case inDriver:
		w.woken = rt.driver.Park(rt.untilNextTimer(), w.woken)
	default:
		w.token.sleep()
	}
	rt.recordPark(trace.Unparked, w)
	rt.getUp(w)
	w.wakeAll(trace.IOReady, trace.Reactor)
	w.fireTimers()
}

// announce says that w is about to sleep: in the driver, if nobody else is there.
func (rt *Runtime) announce(w *worker) (inDriver bool) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.answered(w)
	rt.sleepers = append(rt.sleepers, w)
	if rt.inDriver == nil {
		rt.inDriver = w
	}
	return rt.inDriver == w
}

// anythingFor reports whether w must not sleep.
func (rt *Runtime) anythingFor(w *worker) bool {
	rt.mu.Lock()
	queued := rt.queue.n > 0
	rt.mu.Unlock()
	return queued || rt.stopping.Load() || w.anyToSteal()
}

// getUp takes back what announce has said. If nobody has called w, it is awake on its own, and counts as
// called from now on: it will look for work, so nobody else has to be woken for it.
func (rt *Runtime) getUp(w *worker) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if i := slices.Index(rt.sleepers, w); i >= 0 {
		rt.sleepers = slices.Delete(rt.sleepers, i, i+1)
		if !rt.calling {
			rt.calling, w.called = true, true
		}
	}
	if rt.inDriver == w {
		rt.inDriver = nil
	}
}

// call chooses a sleeper and returns how to wake it, for when the lock is released; nil if no one is to be
// woken. It prefers one that is not in the driver: connections and timers remain attended, and
// a token costs less than to interrupt epoll_wait. The lock is held.
func (rt *Runtime) call() (sleeper future.Waker) {
	if rt.calling || len(rt.sleepers) == 0 {
		return nil
	}
	last := len(rt.sleepers) - 1
	if rt.sleepers[last] == rt.inDriver && last > 0 {
		last--
	}
	w := rt.sleepers[last]
	rt.sleepers = slices.Delete(rt.sleepers, last, last+1)
	rt.calling, w.called = true, true
	if w == rt.inDriver {
		return rt.unpark
	}
	return w.token
}

// answered says that w, if it was called, has found work or has given up. The lock is held.
func (rt *Runtime) answered(w *worker) {
	if w.called {
		rt.calling, w.called = false, false
	}
}

// foundWork says that w has something to do, and whether there is more. It returns who must
// be woken, as call does. The lock is held.
func (rt *Runtime) foundWork(w *worker, more bool) (sleeper future.Waker) {
	rt.answered(w)
	if more || rt.inDriver == nil {
		return rt.call()
	}
	return nil
}

// stole is foundWork for who has found it in another worker's queue.
func (rt *Runtime) stole(w *worker, more bool) {
	rt.mu.Lock()
	sleeper := rt.foundWork(w, more)
	rt.mu.Unlock()
	wake(sleeper)
}

// takeDriver gives w the driver, unless somebody has it.
func (rt *Runtime) takeDriver(w *worker) (taken bool) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.inDriver != nil {
		return false
	}
	rt.inDriver = w
	return true
}

// leaveDriver takes it back. Whoever has fallen asleep meanwhile has found the driver taken, so it has to be
// woken to go there.
func (rt *Runtime) leaveDriver() {
	rt.mu.Lock()
	rt.inDriver = nil
	sleeper := rt.call()
	rt.mu.Unlock()
	wake(sleeper)
}

// earlier wakes the driver, which sleeps for a later deadline than the first one. If nobody is there, then the next
// one to go there will see the new deadline: first it announces, then it asks how long to sleep.
func (rt *Runtime) earlier() {
	rt.mu.Lock()
	sleeping := rt.inDriver != nil
	rt.mu.Unlock()
	if sleeping {
		rt.driver.Unpark()
	}
}

// untilNextTimer returns how long the driver may sleep; negative if there is no timer.
func (rt *Runtime) untilNextTimer() time.Duration {
	deadline, ok := rt.timers.Next()
	if !ok {
		return -1
	}
	return max(0, time.Until(deadline))
}

// An unpark wakes who sleeps in the driver.
type unpark struct{ driver Driver }

// Wake implements [future.Waker].
func (u *unpark) Wake() { u.driver.Unpark() }

func wake(sleeper future.Waker) {
	if sleeper != nil {
		sleeper.Wake()
	}
}
