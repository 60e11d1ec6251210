package explore_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/explore"
)

var update = flag.Bool("update", false, "write the golden files")

// The classic faults of a runtime, each as a program with the fault and without it.
var classics = []struct {
	name    string
	limits  explore.Limits
	program func(w *explore.World, wrong bool)
}{
	{"check-then-register", explore.Limits{}, checkThenRegister},
	{"look-then-announce", explore.Limits{}, lookThenAnnounce},
	{"park-without-token", explore.Limits{}, parkWithoutToken},
	{"notified-cleared-after-the-poll", explore.Limits{}, notifiedClearedLate},
	{"queued-twice", explore.Limits{}, queuedTwice},
	{"polled-by-two-workers", explore.Limits{}, polledByTwo},
	{"abort-from-outside", explore.Limits{}, abortFromOutside},
	{"abort-not-scheduled", explore.Limits{}, abortNotScheduled},
}

func TestSearch_findsTheClassicFaultsAndReplaysThem(t *testing.T) {
	for _, c := range classics {
		t.Run(c.name, func(t *testing.T) {
			wrong := func(w *explore.World) { c.program(w, true) }
			failure, _ := explore.Search(c.limits, wrong)
			require.NotNil(t, failure, "the fault was not found")
			golden(t, c.name+".txt", failure.String())
			require.Equal(t, failure, explore.Replay(failure.Schedule, wrong))
		})
	}
}

func TestSearch_findsNothingInTheRightPrograms(t *testing.T) {
	for _, c := range classics {
		t.Run(c.name, func(t *testing.T) {
			stats := explore.Check(t, c.limits, func(w *explore.World) { c.program(w, false) })
			require.True(t, stats.Complete)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test -update writes it")
	require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), got)
}

// A Future looks whether its event is there, and registers its waker. Right: it registers first.
func checkThenRegister(w *explore.World, wrong bool) {
	var done, registered, woken bool
	look := func() bool { w.Point("look"); return done }
	register := func() { w.Point("register the waker"); registered = true }
	w.Go("poll", func() {
		if wrong {
			if look() {
				return
			}
			register()
		} else {
			register()
			if look() {
				return
			}
		}
		w.Wait("woken", func() bool { return woken })
	})
	w.Go("event", func() {
		w.Point("set done")
		done = true
		w.Point("wake who is registered")
		woken = registered
	})
}

// A worker that finds the queue empty announces that it sleeps, so that whoever queues a task knows
// to wake it. Right: it announces first, and then looks again.
func lookThenAnnounce(w *explore.World, wrong bool) {
	var queue int
	var sleeping, token bool
	empty := func() bool { w.Point("look into the queue"); return queue == 0 }
	announce := func() { w.Point("announce: sleeping"); sleeping = true }
	w.Go("worker", func() {
		if wrong {
			if !empty() {
				return
			}
			announce()
		} else {
			announce()
			if !empty() {
				return
			}
		}
		w.Wait("unparked", func() bool { return token })
		w.AtEnd(func() { w.Assert(queue == 1, "the task is not in the queue") })
	})
	w.Go("waker", func() {
		w.Point("queue the task")
		queue++
		w.Point("unpark who sleeps")
		token = sleeping
	})
}

// A parker whose Unpark is lost when nobody is parked yet. Right: it keeps a token.
func parkWithoutToken(w *explore.World, wrong bool) {
	var parked, token bool
	w.Go("worker", func() {
		w.Point("park")
		parked = true
		if wrong {
			token = false // only an Unpark from now on counts
		}
		w.Wait("unparked", func() bool { return token })
	})
	w.Go("waker", func() {
		w.Point("unpark")
		token = parked || !wrong
	})
}

// A mini is a task as small as it can be. Its future is ready when event is set. Each point stands
// before one atomic step.
type mini struct {
	w *explore.World

	queue                               int // how often the task stands in the run queue
	running, notified, complete, cancel bool
	event                               bool

	polling, cancelled bool // what the future sees
	polls              int
}

// wake is what a right Wake does: it queues the task unless it is queued already, runs, or is
// complete.
func (m *mini) wake() {
	m.w.Point("wake: set notified")
	idle := !m.running && !m.notified && !m.complete
	m.notified = true
	if idle {
		m.w.Point("wake: queue the task")
		m.queue++
	}
}

// poll asks the future once, which looks at its event in the middle.
func (m *mini) poll() (ready bool) {
	m.w.Assert(!m.polling, "two polls at the same time")
	m.w.Assert(!m.cancelled, "polled after it was cancelled")
	m.polling = true
	m.polls++
	m.w.Point("poll: look for the event")
	ready = m.event
	m.w.Point("poll: return")
	m.polling = false
	return ready
}

func (m *mini) drop() {
	m.w.Assert(!m.polling, "cancelled while it is polled")
	m.cancelled = true
}

// run is what a right worker does with the task that it has taken from the queue.
func (m *mini) run() {
	m.w.Point("run: clear notified, set running")
	if m.running || m.complete {
		return
	}
	m.notified, m.running = false, true
	ready := false
	if !m.cancel {
		ready = m.poll()
	}
	m.w.Point("run: clear running")
	m.running = false
	switch {
	case ready:
		m.complete = true
	case m.cancel:
		m.drop()
		m.complete = true
	case m.notified:
		m.queue++
	}
}

// worker runs the task until it is complete.
func (m *mini) worker(run func()) {
	for !m.complete {
		m.w.Wait("take a task from the queue", func() bool { return m.queue > 0 || m.complete })
		if m.queue == 0 {
			return
		}
		m.queue--
		run()
	}
}

// The flag that says "woken" is cleared after the poll. A wake during the poll is lost then.
func notifiedClearedLate(w *explore.World, wrong bool) {
	m := &mini{w: w, queue: 1, notified: true}
	run := m.run
	if wrong {
		run = func() {
			m.running = true
			m.complete = m.poll()
			w.Point("run: clear running and notified")
			m.running, m.notified = false, false
		}
	}
	w.Go("worker", func() { m.worker(run) })
	w.Go("waker", func() {
		w.Point("set the event")
		m.event = true
		m.wake()
	})
}

// Each wake queues the task once more. It is polled when there is nothing to do, and once it is
// complete.
func queuedTwice(w *explore.World, wrong bool) {
	m := &mini{w: w, queue: 1, notified: true}
	wake := m.wake
	if wrong {
		wake = func() { w.Point("wake: queue the task"); m.queue++ }
	}
	w.Go("worker", func() { m.worker(m.run) })
	for _, name := range []string{"waker1", "waker2"} {
		w.Go(name, func() {
			m.event = true
			wake()
			w.Assert(m.queue <= 1, "in the queue more than once")
		})
	}
}

// A task that is woken while it runs is queued at once, and another worker takes it.
func polledByTwo(w *explore.World, wrong bool) {
	m := &mini{w: w, queue: 1, notified: true}
	wake, run := m.wake, m.run
	if wrong {
		wake = func() { w.Point("wake: queue the task"); m.queue++ }
		run = func() { m.complete = m.poll() }
	}
	w.Go("worker1", func() { m.worker(run) })
	w.Go("worker2", func() { m.worker(run) })
	w.Go("waker", func() {
		m.event = true
		wake()
	})
}

// Abort cancels the future on the goroutine that calls it, though it is just being polled.
func abortFromOutside(w *explore.World, wrong bool) {
	m := &mini{w: w, queue: 1, notified: true}
	w.Go("worker", func() { m.worker(m.run) })
	w.Go("aborter", func() {
		if wrong {
			w.Point("abort: cancel the future")
			m.drop()
			m.complete = true
			return
		}
		m.cancel = true
		m.wake()
	})
}

// Abort sets a flag and leaves it to the next poll to see it. A task that is never woken again
// never ends.
func abortNotScheduled(w *explore.World, wrong bool) {
	m := &mini{w: w, queue: 1, notified: true}
	w.Go("worker", func() { m.worker(m.run) })
	w.Go("aborter", func() {
		w.Point("abort: set cancelled")
		m.cancel = true
		if !wrong {
			m.wake()
		}
	})
}
