package explore

import "iter"

// A thread is a coroutine: it runs while its resume function is called, up to its next point.
// iter.Pull makes one of a function without involving Go's scheduler: a switch
// costs some 100 ns, and there is never a second one that runs.
type thread struct {
	name   string
	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool

	label   string      // the step that it does when it is chosen next
	cond    func() bool // nil, or what must be true before
	ended   bool
	resting bool // between two turns of World.Whenever: it need not come again
}

func (w *World) newThread(name string, f func()) *thread {
	th := &thread{name: name, label: "start"}
	th.resume, th.stop = iter.Pull(func(yield func(struct{}) bool) {
		th.yield = yield
		w.guarded(name, f)
	})
	return th
}

// unfinished reports whether th has begun something and not ended it.
func (th *thread) unfinished() bool { return !th.ended && !th.resting }

// pause hands control back to the scheduler, until it chooses this thread again.
func (w *World) pause(label string, cond func() bool) {
	th := w.running
	if th == nil {
		return
	}
	th.label, th.cond = label, cond
	if w.stopping || !th.yield(struct{}{}) {
		panic(unwind{}) // the run is over: run the deferred functions and end
	}
	th.cond = nil
}

func (th *thread) enabled() bool {
	return !th.ended && (th.cond == nil || th.cond())
}

// step lets th do its next step.
func (w *World) step(th *thread) {
	w.steps = append(w.steps, Step{Thread: th.name, Label: th.label})
	w.running = th
	_, more := th.resume()
	w.running = nil
	th.ended = !more
}

// end unwinds the threads that have not ended, so that none is left behind.
func (w *World) end() {
	w.stopping = true
	for _, th := range w.threads {
		w.running = th
		th.stop()
		w.running = nil
	}
}
