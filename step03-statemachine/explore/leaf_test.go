package explore_test

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

// Without a limit the search takes from seconds to minutes for a program of three threads:
//
//	go test -all -timeout=1h ./step03-statemachine/explore
var all = flag.Bool("all", false, "try every order, also those with many preemptions")

// few limits the preemptions, unless all orders are asked for. There is one less with -short and with
// -race.
func few(preemptions int) explore.Limits {
	if *all {
		return explore.Limits{Orders: 10_000_000}
	}
	if testing.Short() || raceDetector {
		preemptions--
	}
	return explore.Limits{Preemptions: preemptions}
}

// A bell is a waker that a thread can wait for. A wake is a point.
type bell struct {
	w     *explore.World
	name  string
	rings int
}

func (b *bell) Wake() {
	b.w.Point("wake " + b.name)
	b.rings++
}

// drive polls f until it is ready, and only when its waker was called since the poll before.
func drive[T any](w *explore.World, f future.Future[T], b *bell) T {
	for {
		w.Point("poll")
		before := b.rings
		value, ready := f.Poll(future.NewContext(b))
		if ready {
			return value
		}
		w.Wait("woken", func() bool { return b.rings > before })
	}
}

// A clock drives timers as a runtime does. Its three parts run as threads: time passes, the driver
// sleeps until the first deadline, and whoever sets an earlier one unparks it.
type clock struct {
	w        *explore.World
	timers   *timer.Timers
	now      time.Time
	unparked bool
	stopped  bool
}

func newClock(w *explore.World, unparks bool) *clock {
	c := &clock{w: w, now: time.Unix(0, 0)}
	c.timers = timer.New(func() time.Time { return c.now }, func() {
		w.Point("unpark the driver")
		c.unparked = unparks
	})
	return c
}

func (c *clock) drive() {
	for !c.stopped {
		c.w.Point("ask for the first deadline")
		deadline, ok := c.timers.Next()
		c.w.Wait("unparked, or deadline", func() bool {
			return c.unparked || c.stopped || ok && !c.now.Before(deadline)
		})
		c.unparked = false
		for _, waker := range c.timers.Fire(nil) {
			waker.Wake()
		}
	}
}

// twoSleeps has a task that sleeps long, and one that comes later, maybe, and sleeps short.
func twoSleeps(w *explore.World, unparks bool) {
	c := newClock(w, unparks)
	w.Go("driver", c.drive)
	left := 2
	sleep := func(name string, d time.Duration) {
		s := c.timers.Sleep(d)
		w.Go(name, func() {
			drive(w, s, &bell{w: w, name: name})
			w.Assert(!c.now.Before(time.Unix(0, 0).Add(d)), "%s is too early", name)
			left--
			if left == 0 {
				c.stopped = true
			}
		})
	}
	sleep("long", 2*time.Second)
	sleep("short", time.Second)
	w.Go("time", func() {
		w.Point("a second passes")
		c.now = c.now.Add(time.Second)
		// The next second doesn't come before: it would save who is late.
		w.Wait("the short sleep's end", func() bool { return left < 2 })
		w.Point("a second passes")
		c.now = c.now.Add(time.Second)
	})
}

func TestSleep_isNeverLostWhateverTheOrderOfPollAndFire(t *testing.T) {
	explore.Check(t, few(2), func(w *explore.World) { twoSleeps(w, true) })
}

func TestSleep_isLostIfTheDriverIsNotWoken(t *testing.T) {
	failure, _ := explore.Search(few(2), func(w *explore.World) { twoSleeps(w, false) })
	require.NotNil(t, failure)
	golden(t, "driver-not-woken.txt", failure.String())
}

// A Sleep moves from one task to another while it fires. Whoever has polled last must be woken, or
// find it ready.
func TestSleep_wakesWhoPolledLastWhileItFires(t *testing.T) {
	stats := explore.Check(t, explore.Limits{}, func(w *explore.World) {
		c := newClock(w, true)
		w.Go("driver", c.drive)
		s := c.timers.Sleep(time.Second)
		w.Go("task", func() {
			w.Point("poll as the first task")
			if _, ready := s.Poll(future.NewContext(&bell{w: w, name: "first"})); !ready {
				drive(w, s, &bell{w: w, name: "second"})
			}
			c.stopped = true
		})
		w.Go("time", func() { c.now = c.now.Add(time.Second) })
	})
	require.True(t, stats.Complete)
}

// A Sleep is cancelled while it fires: nothing is left of it, and nothing panics.
func TestSleep_canBeCancelledWhileItFires(t *testing.T) {
	stats := explore.Check(t, explore.Limits{}, func(w *explore.World) {
		c := newClock(w, true)
		w.Go("driver", c.drive)
		s := c.timers.Sleep(time.Second)
		w.Go("task", func() {
			w.Point("poll")
			_, ready := s.Poll(future.NewContext(&bell{w: w, name: "task"}))
			w.Point("cancel")
			if !ready {
				s.Cancel()
			}
			c.stopped = true
		})
		w.Go("time", func() { c.now = c.now.Add(time.Second) })
		w.AtEnd(func() { require.Zero(w, c.timers.Len()) })
	})
	require.True(t, stats.Complete)
}

// An event is a leaf Future with a point before each thing that it does: it registers first, and
// then looks.
type event struct {
	w     *explore.World
	fired bool
	waker future.Waker
}

func (e *event) fire() {
	e.w.Point("event: set fired")
	e.fired = true
	e.w.Point("event: take the waker")
	if e.waker != nil {
		e.waker.Wake()
	}
}

func (e *event) Poll(cx *future.Context) (_ struct{}, ready bool) {
	e.w.Point("leaf: register")
	e.waker = cx.Waker()
	e.w.Point("leaf: look")
	fired := e.fired
	e.w.Point("leaf: return") // the event may come between the look and the end of the poll
	return struct{}{}, fired
}

// A member wakes its Set's owner at any moment of the owner's poll.
func TestSet_losesNoWakeOfAMember(t *testing.T) {
	explore.Check(t, few(3), func(w *explore.World) {
		var set future.Set[struct{}]
		for _, name := range []string{"event1", "event2"} {
			e := &event{w: w}
			set.Add(e)
			w.Go(name, e.fire)
		}
		values := 0
		w.Go("owner", func() {
			next := future.Func[bool](func(cx *future.Context) (bool, bool) {
				_, some, ready := set.PollNext(cx)
				return some, ready
			})
			// The Set moves from one task to another with the first poll: the later one counts.
			if _, some, _ := set.PollNext(future.NewContext(&bell{w: w, name: "former"})); some {
				values++
			}
			for drive(w, next, &bell{w: w, name: "owner"}) {
				values++
			}
		})
		w.AtEnd(func() { require.Equal(w, 2, values) })
	})
}

// Somebody who gives up a Set cancels its members, while they are being woken.
func TestSet_canBeCancelledWhileAMemberWakes(t *testing.T) {
	stats := explore.Check(t, explore.Limits{}, func(w *explore.World) {
		var set future.Set[struct{}]
		e := &event{w: w}
		set.Add(e)
		w.Go("event", e.fire)
		w.Go("owner", func() {
			w.Point("poll")
			set.PollNext(future.NewContext(&bell{w: w, name: "owner"}))
			w.Point("cancel")
			set.Cancel()
			w.Point("poll the empty set")
			_, some, ready := set.PollNext(future.NewContext(&bell{w: w, name: "owner"}))
			w.Assert(!some && ready, "a cancelled set has members")
		})
	})
	require.True(t, stats.Complete)
}
