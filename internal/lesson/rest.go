package lesson

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing/synctest"
	"time"
)

// Rest waits until no other goroutine of the bubble can go on, as [synctest.Wait] does. But for a program
// that spins, synctest.Wait waits until the watchdog comes, and with it all cases that would
// follow. Rest fails the case soon, and says where the program runs. It is for cases that [JudgeInBubble] runs.
func Rest(t T) {
	t.Helper()
	began := restTicks.Load()
	for looks := 1; ; looks++ {
		runtime.Gosched()
		busy := goroutines().inThisBubble().filter(stack.canGoOn)
		if len(busy) == 0 {
			synctest.Wait() // for the race detector: now it knows that they wait
			return
		}
		if looks >= restLooks && restTicks.Load()-began >= restLimit {
			t.Errorf("the program keeps the processor busy, though there is nothing to do; it runs here:\n%s", busy)
			t.FailNow()
		}
	}
}

// How long Rest looks: for a second, and on a machine that has no time for us, so many times. In a bubble
// there is only virtual time, which stands still while somebody runs. So JudgeInBubble, which is outside, counts ticks.
const (
	restLooks = 50
	restLimit = 10
	restTick  = 100 * time.Millisecond
)

var restTicks atomic.Int64

// canGoOn reports whether a goroutine runs, or could, or has to wait for the runtime only.
func (s stack) canGoOn() bool {
	return slices.Contains([]string{"running", "runnable", "preempted", "GC assist wait", "GC assist marking"}, s.state)
}
