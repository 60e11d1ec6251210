package executor

import (
	"sync"
	"time"

	"example.com/async/step03-statemachine/timer"
	"example.com/async/step03-statemachine/trace"
)

// A Manual is an executor for tests: it polls when the test says so, and its clock stands still until the test
// turns it. It has no goroutine and no driver, so a test that uses it runs the same way every
// time. Its tasks are the same code as a [Runtime]'s.
//
// Its methods may be called from several goroutines; package explore does, one at a time, to
// try in which order they can overtake each other.
type Manual struct {
	home
	timers *timer.Timers

	mu    sync.Mutex // never held while anything is polled or woken
	queue list
	now   time.Time
}

// NewManual returns a Manual without tasks. tr may be nil.
func NewManual(tr *trace.Trace) *Manual {
	m := &Manual{now: time.Unix(0, 0)}
	m.home = home{trace: tr, schedule: m.push, mayWait: mustNotWait}
	m.timers = timer.New(m.Now, func() {})
	return m
}

// RunOne polls the first task of the queue, as the worker of that number, and reports whether there was one.
func (m *Manual) RunOne(worker int) bool {
	m.mu.Lock()
	t := m.queue.pop()
	m.mu.Unlock()
	if t == nil {
		return false
	}
	m.run(t, worker)
	return true
}

// RunUntilStalled polls until the queue is empty. It does not return if a task wakes itself for ever.
func (m *Manual) RunUntilStalled() {
	for m.RunOne(0) {
	}
}

// RunTask polls the task of that name, wherever in the queue it is, and reports whether it was there.
func (m *Manual) RunTask(id trace.TaskID) bool {
	m.mu.Lock()
	var found *task
	for n := m.queue.n; n > 0; n-- {
		if t := m.queue.pop(); t.id == id {
			found = t
		} else {
			m.queue.push(t) // all the way round, so that the order of the others stays
		}
	}
	m.mu.Unlock()
	if found == nil {
		return false
	}
	m.run(found, 0)
	return true
}

// Queue returns the names of the tasks that are to be polled, in order.
func (m *Manual) Queue() []trace.TaskID {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := make([]trace.TaskID, 0, m.queue.n)
	for t := m.queue.first; len(ids) < m.queue.n; t = t.next {
		ids = append(ids, t.id)
	}
	return ids
}

// Tasks returns how many tasks are not over.
func (m *Manual) Tasks() int { return m.tasks() }

// Sleep returns a Future that is ready when d has passed on the test's clock.
func (m *Manual) Sleep(d time.Duration) *timer.Sleep { return m.timers.Sleep(d) }

// Timers returns the timers that Advance fires.
func (m *Manual) Timers() *timer.Timers { return m.timers }

// Now returns the time of the test's clock. It begins with the Unix epoch.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance turns the clock, and wakes everybody whose time has come, in the order of the deadlines. It polls nobody:
// a task that sleeps again and again sees the time after the turn, not each of its deadlines.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	m.now = m.now.Add(d)
	m.mu.Unlock()

	p := &poller{home: &m.home, source: trace.Timer}
	defer p.here()()
	for _, waker := range m.timers.Fire(nil) {
		m.recordFired(trace.TimerFired, p, waker)
		waker.Wake()
	}
}

// Shutdown cancels every task that is not over, on the goroutine that calls it. A task that is spawned later is
// cancelled at once. It must not be called while another goroutine polls.
func (m *Manual) Shutdown() {
	m.home.close()
	m.killAll()
	m.mu.Lock()
	m.queue = list{}
	m.mu.Unlock()
}

func (m *Manual) base() *home { return &m.home }

// push puts t behind all others. It is [home.schedule].
func (m *Manual) push(t *task) {
	m.mu.Lock()
	m.queue.push(t)
	m.mu.Unlock()
}

func (m *Manual) run(t *task, worker int) {
	p := &poller{home: &m.home, worker: worker, budget: defaultBudget}
	defer p.here()()
	t.run(p)
}

func mustNotWait() {
	panic("executor: Wait for a task of a Manual would wait for ever: run the task, then call Wait")
}
