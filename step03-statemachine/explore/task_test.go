package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
)

// A runner is package executor's own task, on a Manual whose workers are threads. What the
// task's Future sees is checked all the time.
type runner struct {
	w      *explore.World
	manual *executor.Manual
	task   *executor.JoinHandle[struct{}]
	event  event

	polling, ready bool
	cancels, polls int
}

func newRunner(w *explore.World) *runner {
	r := &runner{w: w, manual: executor.NewManual(w.Trace()), event: event{w: w}}
	r.task = executor.Spawn(r.manual, future.Future[struct{}](watched{r}))
	w.Trace().Label(r.task.ID(), "task")
	w.AtEnd(r.check)
	return r
}

// watched is the Future of the runner's event, and notices who breaks the contract.
type watched struct{ r *runner }

func (f watched) Poll(cx *future.Context) (value struct{}, ready bool) {
	r := f.r
	r.w.Assert(!r.polling, "two polls at the same time")
	r.w.Assert(!r.ready, "polled after it was ready")
	r.w.Assert(r.cancels == 0, "polled after it was cancelled")
	r.polls++
	r.polling = true
	value, ready = r.event.Poll(cx)
	r.ready = ready
	r.polling = false
	return value, ready
}

func (f watched) Cancel() {
	r := f.r
	r.w.Assert(!r.polling, "cancelled while it is polled")
	r.w.Assert(!r.ready, "cancelled after it was ready")
	r.cancels++
	r.w.Assert(r.cancels == 1, "cancelled twice")
}

// worker runs the task until it is over.
func (r *runner) worker(number int) func() {
	return func() {
		for {
			r.w.Wait("look into the queue", func() bool {
				return len(r.manual.Queue()) > 0 || r.manual.Tasks() == 0
			})
			if !r.manual.RunOne(number) && r.manual.Tasks() == 0 {
				return
			}
		}
	}
}

func (r *runner) fire() {
	r.event.fire()
	r.w.Assert(len(r.manual.Queue()) <= 1, "in the queue more than once: %v", r.manual.Queue())
}

func (r *runner) check() {
	require.True(r.w, r.task.Done(), "the task is over")
	require.Empty(r.w, r.manual.Queue(), "nothing is left in the queue")
	require.Zero(r.w, r.manual.Tasks())
	_, err := r.task.Wait()
	if r.ready {
		require.NoError(r.w, err)
		require.Zero(r.w, r.cancels)
	} else {
		require.ErrorIs(r.w, err, executor.ErrCancelled)
		require.Equal(r.w, 1, r.cancels)
	}
}

func TestTask_losesNoWakeOfOneWaker(t *testing.T) {
	stats := explore.Check(t, explore.Limits{}, func(w *explore.World) {
		r := newRunner(w)
		w.Go("worker", r.worker(0))
		w.Go("waker", r.fire)
		w.AtEnd(func() {
			require.True(w, r.ready)
			require.LessOrEqual(w, r.polls, 2, "one poll for the spawn, and one for the wake")
		})
	})
	require.True(t, stats.Complete)
}

func TestTask_isPolledByOneOfTwoWorkersAtATime(t *testing.T) {
	explore.Check(t, few(3), func(w *explore.World) {
		r := newRunner(w)
		w.Go("worker1", r.worker(0))
		w.Go("worker2", r.worker(1))
		w.Go("waker", r.fire)
	})
}

func TestTask_isQueuedOnceForTwoWakers(t *testing.T) {
	explore.Check(t, few(2), func(w *explore.World) {
		r := newRunner(w)
		w.Go("worker", r.worker(0))
		w.Go("waker1", r.fire)
		w.Go("waker2", r.fire)
	})
}

func TestTask_abortedWhileItIsWokenAndPolledEndsOnce(t *testing.T) {
	explore.Check(t, few(3), func(w *explore.World) {
		r := newRunner(w)
		w.Go("worker", r.worker(0))
		w.Go("waker", r.fire)
		w.Go("aborter", r.task.Abort)
	})
}

func TestTask_abortedEndsThoughNobodyWakesIt(t *testing.T) {
	stats := explore.Check(t, explore.Limits{}, func(w *explore.World) {
		r := newRunner(w)
		w.Go("worker", r.worker(0))
		w.Go("aborter", r.task.Abort)
	})
	require.True(t, stats.Complete)
}

// Who waits for the handle learns of the end, whether it comes before, while or after he
// registers; also if he asks for somebody else the second time.
func TestJoinHandle_isToldOfTheEnd(t *testing.T) {
	for _, end := range []string{"value", "abort"} {
		t.Run(end, func(t *testing.T) {
			explore.Check(t, few(3), func(w *explore.World) {
				m := executor.NewManual(w.Trace())
				h := executor.Spawn(m, future.Future[struct{}](&event{w: w, fired: end == "value"}))
				w.Trace().Label(h.ID(), "task")
				w.Go("worker", func() {
					for m.Tasks() > 0 {
						w.Wait("look into the queue", func() bool { return len(m.Queue()) > 0 })
						m.RunOne(0)
					}
				})
				if end == "abort" {
					w.Go("aborter", h.Abort)
				}
				w.Go("joiner", func() {
					w.Point("poll for the first")
					result, ready := h.Poll(future.NewContext(&bell{w: w, name: "first"}))
					if !ready {
						result = drive(w, h, &bell{w: w, name: "second"})
					}
					w.Assert(result.Err == nil == (end == "value"), "result: %v", result)
				})
			})
		})
	}
}

// Two tasks of one executor, the second of which waits for the first.
func TestJoinHandle_wakesATask(t *testing.T) {
	explore.Check(t, few(3), func(w *explore.World) {
		m := executor.NewManual(w.Trace())
		first := executor.Spawn(m, future.Future[struct{}](&event{w: w, fired: true}))
		second := executor.Spawn(m, future.Future[future.Result[struct{}]](first))
		w.Trace().Label(first.ID(), "first")
		w.Trace().Label(second.ID(), "second")
		for _, name := range []string{"worker1", "worker2"} {
			w.Go(name, func() {
				for m.Tasks() > 0 {
					w.Wait("look into the queue", func() bool { return len(m.Queue()) > 0 || m.Tasks() == 0 })
					m.RunOne(slices.Index([]string{"worker1", "worker2"}, name))
				}
			})
		}
		w.AtEnd(func() { require.True(w, second.Done()) })
	})
}
