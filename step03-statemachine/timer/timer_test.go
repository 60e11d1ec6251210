package timer_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step03-statemachine/timer"
)

// A desk is Timers on a clock that the test turns.
type desk struct {
	*timer.Timers
	mu      sync.Mutex
	time    time.Time
	earlier int // how often the first deadline has moved forward
}

func newDesk() *desk {
	d := &desk{time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	d.Timers = timer.New(d.now, func() { d.earlier++ })
	return d
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.time
}

// turn turns the clock, and wakes everybody whose time has come.
func (d *desk) turn(by time.Duration) {
	d.mu.Lock()
	d.time = d.time.Add(by)
	d.mu.Unlock()
	for _, w := range d.Fire(nil) {
		w.Wake()
	}
}

func pending(t *testing.T, s *timer.Sleep, w future.Waker) {
	t.Helper()
	_, ready := futuretest.Poll(s, w)
	require.False(t, ready, "ready before its deadline")
}

func ready(t *testing.T, s *timer.Sleep) {
	t.Helper()
	_, ready := futuretest.Poll(s, &futuretest.Waker{})
	require.True(t, ready, "pending though its deadline has passed")
}

func TestSleep_isReadyAtItsDeadlineAndNotBefore(t *testing.T) {
	d := newDesk()
	s, w := d.Sleep(time.Second), &futuretest.Waker{}
	pending(t, s, w)
	d.turn(time.Second - 1)
	require.Zero(t, w.Wakes(), "woken a nanosecond too early")
	pending(t, s, w)
	d.turn(1)
	require.Equal(t, 1, w.Wakes())
	ready(t, s)
	require.Zero(t, d.Len())
}

func TestSleep_countsFromWhenItWasMade(t *testing.T) {
	d := newDesk()
	s := d.Sleep(time.Second)
	d.turn(time.Second)
	require.Zero(t, d.Len(), "nobody has polled it")
	ready(t, s)
	require.Zero(t, d.Len())
}

func TestSleep_ofNothingIsReadyAtOnce(t *testing.T) {
	d := newDesk()
	ready(t, d.Sleep(0))
	ready(t, d.Sleep(-time.Hour))
	ready(t, d.Sleep(math.MinInt64))
	ready(t, d.SleepUntil(time.Time{}))
	require.Zero(t, d.Len())
	require.Zero(t, d.earlier)
}

func TestSleep_forCenturiesDoesNotOverflow(t *testing.T) {
	d := newDesk()
	w := &futuretest.Waker{}
	pending(t, d.Sleep(math.MaxInt64), w)
	pending(t, d.SleepUntil(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), w)
	d.turn(100 * 365 * 24 * time.Hour)
	require.Zero(t, w.Wakes())
	next, ok := d.Next()
	require.True(t, ok)
	require.Greater(t, next.Sub(d.now()), 190*365*24*time.Hour)
}

func TestSleep_ofTheSystemClockForCenturiesDoesNotOverflow(t *testing.T) {
	timers := timer.New(time.Now, func() {})
	s, w := timers.Sleep(math.MaxInt64), &futuretest.Waker{}
	pending(t, s, w)
	require.Empty(t, timers.Fire(nil))
	next, _ := timers.Next()
	require.Greater(t, time.Until(next), 200*365*24*time.Hour)
}

func TestSleep_wakesTheWakerOfItsLastPoll(t *testing.T) {
	d := newDesk()
	s := d.Sleep(time.Second)
	first, last := &futuretest.Waker{}, &futuretest.Waker{}
	pending(t, s, first)
	pending(t, s, last)
	require.Equal(t, 1, d.Len(), "one Sleep is one entry, however often it is polled")
	d.turn(time.Second)
	require.Equal(t, 0, first.Wakes(), "of the first poll")
	require.Equal(t, 1, last.Wakes(), "of the last poll")
}

func TestSleep_polledThreeTimesAsOftenIsTheSame(t *testing.T) {
	d := newDesk()
	s, w := futuretest.PollThree[struct{}](d.Sleep(time.Second)), &futuretest.Waker{}
	_, ready := futuretest.Poll(s, w)
	require.False(t, ready)
	d.turn(time.Second)
	_, ready = futuretest.Poll(s, w)
	require.True(t, ready)
	require.Equal(t, 1, w.Wakes())
}

func TestSleep_polledAfterReadyOrCancelPanics(t *testing.T) {
	d := newDesk()
	s := d.Sleep(0)
	ready(t, s)
	require.PanicsWithValue(t, future.PolledAfterReady, func() { futuretest.Poll(s, &futuretest.Waker{}) })
	s = d.Sleep(time.Second)
	s.Cancel()
	require.PanicsWithValue(t, future.PolledAfterReady, func() { futuretest.Poll(s, &futuretest.Waker{}) })
	d.Len() // the lock was given back
}

func TestCancel_removesTheEntryNow(t *testing.T) {
	d := newDesk()
	var sleeps []*timer.Sleep
	w := &futuretest.Waker{}
	for range 1000 {
		s := d.Sleep(1 + rand.N(time.Hour))
		pending(t, s, w)
		sleeps = append(sleeps, s)
	}
	rand.Shuffle(len(sleeps), func(i, j int) { sleeps[i], sleeps[j] = sleeps[j], sleeps[i] })
	for i, s := range sleeps {
		s.Cancel()
		require.Equal(t, len(sleeps)-1-i, d.Len())
	}
	d.turn(time.Hour)
	require.Zero(t, w.Wakes())
}

func TestCancel_ofOneThatWasNeverPolledOrIsJustFiring(t *testing.T) {
	d := newDesk()
	d.Sleep(time.Second).Cancel()
	s := d.Sleep(time.Second)
	pending(t, s, wakerFunc(s.Cancel)) // cancels itself when it is woken
	d.turn(time.Second)
	require.Zero(t, d.Len())
}

// wakerFunc makes a waker of a function.
func wakerFunc(f func()) future.Waker { return &funcWaker{f} }

type funcWaker struct{ f func() }

func (w *funcWaker) Wake() { w.f() }

// A timer of an hour must not keep a task in memory for an hour that has ended after a second.
func TestCancel_forgetsTheWaker(t *testing.T) {
	d := newDesk()
	w := &futuretest.Waker{}
	gone := weak.Make(w)
	s := d.Sleep(time.Hour)
	pending(t, s, w)
	s.Cancel()
	w = nil
	runtime.GC()
	require.Nil(t, gone.Value(), "something still refers to the waker")
	runtime.KeepAlive(s)
	runtime.KeepAlive(d)
}

func TestFire_goesByDeadlineAndThenByRegistration(t *testing.T) {
	d := newDesk()
	var order []int
	register := func(name int, after time.Duration) {
		pending(t, d.Sleep(after), wakerFunc(func() { order = append(order, name) }))
	}
	for i := range 100 { // two deadlines in turn, each of them fifty times
		register(i, time.Duration(2-i%2)*time.Second)
	}
	d.turn(2 * time.Second)
	var want []int
	for i := 1; i < 100; i += 2 {
		want = append(want, i)
	}
	for i := 0; i < 100; i += 2 {
		want = append(want, i)
	}
	require.Equal(t, want, order)
}

// A waker may come back to the timers: it must not find them locked.
func TestFire_letsWakersUseTheTimers(t *testing.T) {
	d := newDesk()
	again := &futuretest.Waker{}
	pending(t, d.Sleep(time.Second), wakerFunc(func() {
		free := make(chan struct{})
		go func() {
			pending(t, d.Sleep(time.Second), again)
			close(free)
		}()
		select {
		case <-free:
		case <-time.After(10 * time.Second):
			t.Error("a waker was called under the lock of the timers: it cannot set another one")
		}
	}))
	d.turn(time.Second)
	d.turn(time.Second)
	require.Equal(t, 1, again.Wakes())
}

func TestTimers_sayWhenTheFirstDeadlineMovesForward(t *testing.T) {
	d := newDesk()
	w := &futuretest.Waker{}
	pending(t, d.Sleep(time.Hour), w)
	require.Equal(t, 1, d.earlier, "the first timer of all")
	pending(t, d.Sleep(2*time.Hour), w)
	require.Equal(t, 1, d.earlier, "a later one")
	s := d.Sleep(time.Minute)
	pending(t, s, w)
	require.Equal(t, 2, d.earlier, "an earlier one")
	pending(t, s, w)
	require.Equal(t, 2, d.earlier, "polled again")
	s.Reset(d.now().Add(time.Second))
	require.Equal(t, 3, d.earlier, "the first one, even earlier")
	s.Reset(d.now().Add(time.Minute))
	require.Equal(t, 3, d.earlier, "the first one, later, and still the first")
	s.Reset(d.now().Add(3 * time.Hour))
	require.Equal(t, 3, d.earlier, "the first one, now the last")
	next, ok := d.Next()
	require.True(t, ok)
	require.Equal(t, d.now().Add(time.Hour), next)
}

func TestReset_movesADeadlineAndKeepsTheWaker(t *testing.T) {
	d := newDesk()
	s, w := d.Sleep(time.Second), &futuretest.Waker{}
	pending(t, s, w)
	s.Reset(d.now().Add(time.Minute))
	d.turn(time.Minute - 1)
	require.Zero(t, w.Wakes(), "woken at the old deadline")
	d.turn(1)
	require.Equal(t, 1, w.Wakes())
	ready(t, s)

	s.Reset(d.now().Add(time.Second)) // as new
	require.Zero(t, d.Len(), "it enters the heap at its first poll")
	pending(t, s, w)
	d.turn(time.Second)
	require.Equal(t, 2, w.Wakes())
	s.Reset(d.now().Add(time.Second)) // fired, but nobody has polled it
	pending(t, s, w)
	s.Cancel()
	s.Reset(d.now().Add(time.Second))
	pending(t, s, w)
	require.Equal(t, 1, d.Len())
}

func TestTimers_behaveLikeASortedList(t *testing.T) {
	d := newDesk()
	waits := map[*timer.Sleep]time.Time{}
	woken := map[*timer.Sleep]bool{}
	for range 5000 {
		deadline := d.now().Add(rand.N(time.Second))
		switch rand.N(4) {
		case 0, 1:
			s := d.SleepUntil(deadline)
			_, ready := futuretest.Poll(s, wakerFunc(func() { woken[s] = true }))
			if !ready {
				waits[s] = deadline
			}
		case 2:
			for s := range waits {
				s.Cancel()
				delete(waits, s)
				break
			}
		case 3:
			for s := range waits {
				s.Reset(deadline)
				waits[s] = deadline
				break
			}
			d.turn(rand.N(20 * time.Millisecond))
			for s, deadline := range waits {
				require.Equal(t, !deadline.After(d.now()), woken[s])
				if woken[s] {
					delete(waits, s)
				}
			}
		}
		require.Equal(t, len(waits), d.Len())
	}
}

// Others poll, reset and cancel while timers fire. It is the race detector that judges.
func TestTimers_fromManyGoroutines(t *testing.T) {
	timers := timer.New(time.Now, func() {})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 2000 {
				s := timers.Sleep(rand.N(time.Microsecond))
				futuretest.Poll(s, &futuretest.Waker{})
				if rand.N(2) == 0 {
					s.Reset(time.Now().Add(time.Microsecond))
				}
				s.Cancel()
			}
		})
	}
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	for {
		select {
		case <-done:
			require.Zero(t, timers.Len())
			return
		default:
			for _, w := range timers.Fire(nil) {
				w.Wake()
			}
			runtime.Gosched()
		}
	}
}

func TestSleep_pollsAgainWithoutAllocating(t *testing.T) {
	d := newDesk()
	s := d.Sleep(time.Second)
	cx := future.NewContext(&futuretest.Waker{})
	require.Zero(t, testing.AllocsPerRun(100, func() { s.Poll(cx) }))
}
