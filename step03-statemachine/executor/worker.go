package executor

import (
	"math/rand/v2"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A worker is a goroutine that polls the tasks of a Runtime, one after the other.
type worker struct {
	poller
	rt    *Runtime
	local localQueue
	token token          // to sleep without the driver
	polls uint           // so far
	woken []future.Waker // of the driver and the timers, while they are being called

	called bool // was woken to look for work, and has not found any yet; guarded by rt.mu
}

// lookAroundEvery is after how many polls a worker that never runs out of tasks looks at the driver and
// at the timers. A prime number, as in Go's scheduler and in tokio, so that it does not keep step with the program.
const lookAroundEvery = 61

// work polls tasks until the runtime shuts down. It runs on a goroutine of its own; Shutdown waits for it.
func (w *worker) work() {
	restore := w.here()
	w.current = 0
	finished := false
	defer func() {
		restore()
		if finished {
			w.rt.working.Done()
			return
		}
		// A task has called Goexit: this goroutine cannot be kept, the worker can. What the task
		// had left to do is done, see task.run.
		go w.work()
	}()
	for !w.rt.stopping.Load() {
		if t := w.find(); t != nil {
			t.run(&w.poller)
			w.current = 0
		} else {
			w.sleep()
		}
	}
	finished = true
}

// find returns the next task to poll, or nil if there is none.
//
// The worker's own queue first, and nothing puts a task into that one before it is empty. So a
// task in the common queue waits for localMax polls at most until somebody looks there.
func (w *worker) find() *task {
	w.polls++
	if w.polls%lookAroundEvery == 0 {
		w.lookAround()
	}
	if t := w.local.pop(); t != nil {
		return t
	}
	if t := w.rt.share(w); t != nil {
		return t
	}
	return w.steal()
}

// steal takes half of another worker's queue, and returns the first of that.
// The first one to ask is a random one, so that thieves do not queue up for the same.
func (w *worker) steal() *task {
	workers := w.rt.workers
	if len(workers) == 1 {
		return nil
	}
	start := rand.IntN(len(workers))
	for i := range workers {
		victim := workers[(start+i)%len(workers)]
		if victim == w {
			continue
		}
		if loot := victim.local.stealHalf(); loot.n > 0 {
			t := loot.pop()
			w.local.fill(loot)
			w.rt.stole(w, loot.n > 0)
			return t
		}
	}
	return nil
}

// anyToSteal reports whether steal would find something.
func (w *worker) anyToSteal() bool {
	for _, other := range w.rt.workers {
		if other != w && !other.local.empty() {
			return true
		}
	}
	return false
}

// lookAround asks driver and timers what is new, without waiting.
func (w *worker) lookAround() {
	if w.rt.takeDriver(w) {
		w.woken = w.rt.driver.Park(0, w.woken)
		w.rt.leaveDriver()
		w.wakeAll(trace.IOReady, trace.Reactor)
	}
	w.fireTimers()
}

// fireTimers wakes everybody whose time has come.
func (w *worker) fireTimers() {
	w.woken = w.rt.timers.Fire(w.woken)
	w.wakeAll(trace.TimerFired, trace.Timer)
}

// wakeAll calls the wakers that were collected. No lock is held here: a waker may do what it likes.
func (w *worker) wakeAll(kind trace.Kind, source trace.Source) {
	w.source = source
	for i, waker := range w.woken {
		w.rt.recordFired(kind, &w.poller, waker)
		waker.Wake()
		w.woken[i] = nil // the slice is kept, its tasks are not
	}
	w.woken = w.woken[:0]
	w.source = trace.Outside
}
