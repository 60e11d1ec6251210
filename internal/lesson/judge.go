package lesson

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A Verdict is what came of one case.
type Verdict struct {
	// Failure says what went wrong, first in the words of the chapter; "" if nothing did.
	Failure string
	// Race is what the race detector has said during the case, "" if nothing. It is known
	// only of a case that ran in a process of its own.
	Race string
	// TimedOut says that the watchdog had to wait in real time. The cases after
	// this one would take as long.
	TimedOut bool
}

// OK reports whether the case passed.
func (v Verdict) OK() bool { return v.Failure == "" }

// withRace is v, with a race as a failure.
func (v Verdict) withRace() Verdict {
	if v.Race == "" {
		return v
	}
	race := "two goroutines use the same memory at the same time, and one of them writes" + learnersPlace(v.Race) + ":\n" + v.Race
	v.Failure = strings.TrimPrefix(v.Failure+"\n"+race, "\n")
	return v
}

// A Judge runs one case against one subject. It returns in bounded time,
// whatever the subject does, short of ending the process. There are two:
// [JudgeInBubble] and [JudgeInRealTime].
type Judge[S any] func(t *testing.T, c Case[S], subject S) Verdict

// The watchdog's patience. virtualLimit is long for every time limit of a
// server, and costs nothing: when nobody can go on, virtual time jumps there at once.
const virtualLimit = time.Hour

// realLimit is what a slow machine may need for a case, with the race detector
// on. A variable, because the tests of the watchdog won't wait so long.
var realLimit = 30 * time.Second

// A goroutine that still runs this long after its case has ended is left behind.
const (
	virtualLeakLimit = 10 * time.Minute
	realLeakLimit    = 3 * time.Second
)

// JudgeInRealTime runs a case in real time: for cases over real sockets.
func JudgeInRealTime[S any](t *testing.T, c Case[S], subject S) Verdict {
	before := goroutines()
	r := newRecorder()
	if !watch(r, func() { c.Check(r, subject) }, realLimit) {
		verdict := hung(r, fmt.Sprintf("after %v", realLimit), goroutines().without(before))
		verdict.TimedOut = true
		return verdict
	}
	for deadline := time.Now().Add(realLeakLimit); ; time.Sleep(time.Millisecond) {
		left := goroutines().without(before)
		if len(left) == 0 {
			return Verdict{Failure: r.failure()}
		}
		if time.Now().After(deadline) {
			return leaked(r, left)
		}
	}
}

// JudgeInBubble runs a case in a bubble of [testing/synctest]. A hang is noticed
// at once there: it is when no goroutine of the bubble can ever go on.
func JudgeInBubble[S any](t *testing.T, c Case[S], subject S) Verdict {
	verdicts := make(chan Verdict, 1) // so that the one that comes too late can be sent, too
	go func() {
		var verdict Verdict
		judged := false
		// Goroutines that are left when the bubble's own function returns make
		// synctest panic. By then the verdict says so already. It is sent only when
		// synctest has ended, because until then synctest uses t.
		defer func() {
			if cause := recover(); cause != nil && !judged {
				verdict = Verdict{Failure: fmt.Sprintf("panic: %v", cause)}
			}
			verdicts <- verdict
		}()
		synctest.Test(t, func(*testing.T) {
			verdict = judgeInThisBubble(c, subject)
			judged = true
		})
	}()
	// A program that spins never waits, and so virtual time never passes.
	tick := time.NewTicker(restTick)
	defer tick.Stop()
	for limit := time.After(realLimit); ; {
		select {
		case v := <-verdicts:
			return v
		case <-tick.C:
			restTicks.Add(1) // for Rest, inside
		case <-limit:
			return endless(goroutines())
		}
	}
}

func judgeInThisBubble[S any](c Case[S], subject S) Verdict {
	r := newRecorder()
	ended := watch(r, func() { c.Check(r, subject) }, virtualLimit)
	if ended {
		// What ends by itself a little later, by a time-out say, is not a leak.
		time.Sleep(virtualLeakLimit)
	}
	synctest.Wait()
	left := goroutines().inThisBubble()
	switch {
	case !ended:
		return hung(r, "when nothing could happen any more", left)
	case len(left) > 0:
		return leaked(r, left)
	default:
		return Verdict{Failure: r.failure()}
	}
}

// endless is the verdict on a case whose bubble neither ends nor comes to rest: it
// spins, or it waits for a mutex, which synctest does not count as waiting.
func endless(all stacks) Verdict {
	if busy := all.busy(); len(busy) > 0 {
		return Verdict{TimedOut: true, Failure: fmt.Sprintf(
			"the program has kept the processor busy for %v and does not end; it runs here:\n%s", realLimit, busy)}
	}
	return Verdict{TimedOut: true, Failure: fmt.Sprintf(
		"it hangs: after %v, the program still waited here:\n%s", realLimit, all.without(nil))}
}

// watch runs check with its cleanups and reports whether it ended within limit.
// If it did not, its goroutines are abandoned.
func watch(r *recorder, check func(), limit time.Duration) (ended bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.run(check)
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// hung is the verdict on a case that did not end.
func hung(r *recorder, when string, waiting stacks) Verdict {
	r.fail(fmt.Sprintf("it hangs: %s, the program still waited here:\n%s", when, waiting))
	return Verdict{Failure: r.failure()}
}

// leaked is the verdict on a case that ended and left goroutines behind.
func leaked(r *recorder, left stacks) Verdict {
	r.fail(fmt.Sprintf("%d goroutine(s) left behind: everything is over, but they still wait here:\n%s", len(left), left))
	return Verdict{Failure: r.failure()}
}
