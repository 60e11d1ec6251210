package timer_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "fires a millisecond early", File: "timers.go",
			Old: "t.heap[0].deadline <= now {", New: "t.heap[0].deadline <= now+time.Millisecond {",
			Test: "TestSleep_isReadyAtItsDeadlineAndNotBefore", Message: "woken a nanosecond too early",
		},
		{
			Name: "keeps the waker of the first poll", File: "sleep.go",
			Old: "\tcase waiting:\n\t\ts.waker = cx.Waker() //", New: "\tcase waiting:\n\t\t//",
			Test: "TestSleep_wakesTheWakerOfItsLastPoll", Message: "of the first poll",
		},
		{
			Name: "registers at each poll", File: "sleep.go",
			Old: "case waiting:\n\t\ts.waker", New: "case waiting:\n\t\tt.add(s)\n\t\ts.waker",
			Test: "TestSleep_wakesTheWakerOfItsLastPoll", Message: "one Sleep is one entry",
		},
		{
			Name: "begins to count at the first poll", File: "sleep.go",
			Old: "case created:\n", New: "case created:\n\t\ts.deadline += t.elapsed()\n",
			Test: "TestSleep_countsFromWhenItWasMade", Message: "pending though its deadline has passed",
		},
		{
			Name: "leaves the entry when it is cancelled", File: "sleep.go",
			Old: "\t\tt.remove(s)\n", New: "",
			Test: "TestCancel_removesTheEntryNow", Message: "expected: 999",
		},
		{
			Name: "keeps the waker of what was cancelled", File: "timers.go",
			Old: "\ts.waker = nil\n", New: "",
			Test: "TestCancel_forgetsTheWaker", Message: "something still refers to the waker",
		},
		{
			Name: "loses count of an entry that is moved", File: "timers.go",
			Old: "h[i].index, h[j].index = i, j", New: "h[i].index = i",
			Test: "TestTimers_behaveLikeASortedList", Message: "expected: true",
		},
		{
			Name: "forgets who was first of equal deadlines", File: "timers.go",
			Old: "return h[i].order < h[j].order", New: "return false",
			Test: "TestFire_goesByDeadlineAndThenByRegistration", Message: "Not equal",
		},
		{
			Name: "does not say that the first deadline moved", File: "sleep.go",
			Old: "\t\tfirst := t.add(s)\n", New: "\t\tt.add(s)\n\t\tfirst := false\n",
			Test: "TestTimers_sayWhenTheFirstDeadlineMovesForward", Message: "the first timer of all",
		},
		{
			Name: "calls wakers under the lock", File: "timers.go",
			Old: "wakers = append(wakers, s.waker)", New: "s.waker.Wake()",
			Test: "TestFire_letsWakersUseTheTimers", Message: "called under the lock",
		},
		{
			Name: "overflows", File: "timers.go",
			Old: "return moment.Sub(t.start)", New: "return time.Duration(moment.UnixNano() - t.start.UnixNano())",
			Test: "TestSleep_forCenturiesDoesNotOverflow", Message: "ready before its deadline",
		},
	})
}
