package explore_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

// The races of the museum, planted into the code of this step. What one of ten thousand runs would
// show under load, the search finds each time, and its message is a lost wake-up or a broken
// contract, with the order that leads there.
func TestMuseum_findsTheRacesInTheStepsOwnCode(t *testing.T) {
	const (
		state  = "../executor/state.go"
		task   = "../executor/task.go"
		join   = "../executor/join.go"
		sleep  = "../timer/sleep.go"
		timers = "../timer/timers.go"
		set    = "../future/set.go"
	)
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "a wake during the poll is forgotten", File: state,
			Old: "return notified, queueIt\n\tcase runningAborted:", New: "return idle, nothing\n\tcase runningAborted:",
			Test: "TestTask_losesNoWakeOfOneWaker", Message: `lost wake-up: worker waits for "look into the queue"`,
		},
		{
			Name: "a wake during the poll queues the task at once", File: state,
			Old: "return runningNotified, nothing", New: "return runningNotified, queueIt",
			Test: "TestTask_isPolledByOneOfTwoWorkersAtATime", Message: "a task that is runningNotified cannot begin",
		},
		{
			Name: "a second worker may begin", File: state,
			Old:  "\tcase running:\n\t\treturn runningNotified, nothing\n\t}",
			New:  "\tcase running:\n\t\treturn notified, queueIt\n\t}",
			Test: "TestTask_isPolledByOneOfTwoWorkersAtATime", Message: "a task that is complete cannot pending",
		},
		{
			Name: "a wake after the end queues the task", File: state,
			Old:  "\tcase running:\n\t\treturn runningNotified, nothing\n\t}",
			New:  "\tcase running:\n\t\treturn runningNotified, nothing\n\tcase complete:\n\t\treturn notified, queueIt\n\t}",
			Test: "TestTask_isQueuedOnceForTwoWakers", Message: "the task is over",
		},
		{
			Name: "abort cancels the Future where it is called", File: task,
			Old:  "\tt.recordBy(trace.Aborted)\n",
			New:  "\tt.recordBy(trace.Aborted)\n\tt.body.discard()\n",
			Test: "TestTask_abortedWhileItIsWokenAndPolledEndsOnce", Message: "cancelled while it is polled",
		},
		{
			Name: "abort leaves it to the next poll", File: state,
			Old: "return aborted, queueIt", New: "return aborted, nothing",
			Test: "TestTask_abortedEndsThoughNobodyWakesIt", Message: `lost wake-up: worker waits for "look into the queue"`,
		},
		{
			Name: "the handle looks, then registers", File: join,
			Old: "\tif tr := h.task.home.trace; tr != nil {",
			New: "\tif !h.task.state.load().over() {\n" +
				"\t\th.task.home.trace.Record(trace.Event{Kind: trace.Joined, Task: h.task.id})\n" +
				"\t\th.mu.Lock()\n\t\th.waiter = cx.Waker()\n\t\th.mu.Unlock()\n\t\treturn\n\t}\n" +
				"\tif tr := h.task.home.trace; tr != nil {",
			Test: "TestJoinHandle_isToldOfTheEnd/value", Message: `lost wake-up: joiner waits for "woken"`,
		},
		{
			Name: "the handle keeps the first waker", File: join,
			Old: "\th.waiter = cx.Waker()\n", New: "\tif h.waiter == nil {\n\t\th.waiter = cx.Waker()\n\t}\n",
			Test: "TestJoinHandle_isToldOfTheEnd/value", Message: `lost wake-up: joiner waits for "woken"`,
		},
		{
			Name: "who waits is not told of an abort", File: join,
			Old:  "\twaiter = h.waiter\n",
			New:  "\tif err == nil {\n\t\twaiter = h.waiter\n\t}\n",
			Test: "TestJoinHandle_isToldOfTheEnd/abort", Message: `lost wake-up: joiner waits for "woken"`,
		},
		{
			Name: "a Sleep keeps its first waker", File: sleep,
			Old:  "\t\ts.waker = cx.Waker() // the last one counts",
			New:  "\t\t// s.waker = cx.Waker() // the last one counts",
			Test: "TestSleep_wakesWhoPolledLastWhileItFires", Message: `task waits for "woken"`,
		},
		{
			Name: "the first deadline moves, and nobody tells the driver", File: timers,
			Old:  "\theap.Push(&t.heap, s)\n\treturn s.index == 0",
			New:  "\theap.Push(&t.heap, s)\n\treturn len(t.heap) == 1",
			Test: "TestSleep_isNeverLostWhateverTheOrderOfPollAndFire", Message: `driver waits for "unparked, or deadline"`,
		},
		{
			Name: "a member that is polled counts as queued", File: set,
			Old:  "\t\tvalue, ready = m.f.Poll(cx)\n",
			New:  "\t\tm.queued = true\n\t\tvalue, ready = m.f.Poll(cx)\n\t\tm.queued = false\n",
			Test: "TestSet_losesNoWakeOfAMember", Message: `lost wake-up: owner waits for "woken"`,
		},
		{
			Name: "a Set keeps its first owner", File: set,
			Old: "\ts.owner = owner\n", New: "\tif s.owner == nil {\n\t\ts.owner = owner\n\t}\n",
			Test: "TestSet_losesNoWakeOfAMember", Message: `lost wake-up: owner waits for "woken"`,
		},
	})
}
