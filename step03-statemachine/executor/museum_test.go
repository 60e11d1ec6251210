package executor_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "forgets a wake that came during the poll", File: "state.go",
			Old: "case runningNotified:\n\t\treturn notified, queueIt", New: "case runningNotified:\n\t\treturn idle, nothing",
			Test: "TestWake_betweenTheAnswerPendingAndTheEndOfThePollIsNotLost", Message: "is not polled again",
		},
		{
			Name: "clears the note after the poll instead of before", File: "task.go",
			Old: "switch t.state.move(state.pending) {", New: "t.state.word.CompareAndSwap(uint32(runningNotified), uint32(running))\n\tswitch t.state.move(state.pending) {",
			Test: "TestWake_duringThePollIsOnePollMoreBehindAllOthers", Message: "Not equal",
		},
		{
			Name: "queues a task at each wake", File: "state.go",
			Old: "\tcase idle:\n\t\treturn notified, queueIt", New: "\tcase idle, notified:\n\t\treturn notified, queueIt",
			Test: "TestWake_manyBeforeThePollAreOnePoll", Message: "a task is in the queue once",
		},
		{
			Name: "queues a task that is being polled", File: "state.go",
			Old: "return runningNotified, nothing", New: "return runningNotified, queueIt",
			Test: "TestState_noOrderOfEventsBreaksTheRules", Message: "in the queue: after",
		},
		{
			Name: "lets two workers poll a task", File: "state.go",
			Old: "\tcase notified:\n\t\treturn running, pollIt", New: "\tcase notified, running, runningNotified:\n\t\treturn running, pollIt",
			Test: "TestState_tableAboveTheCodeIsTrue", Message: "what begin does to a task that is running",
		},
		{
			Name: "polls again after the end", File: "state.go",
			Old: "\tcase idle:\n\t\treturn notified, queueIt", New: "\tcase idle, complete:\n\t\treturn notified, queueIt",
			Test: "TestWake_afterTheEndDoesNothing", Message: "Should be empty",
		},
		{
			Name: "puts a task that yields before the others", File: "manual.go",
			Old: "\tm.queue.push(t)\n\tm.mu.Unlock()", New: "\tothers := m.queue\n\tm.queue = list{}\n\tm.queue.push(t)\n\tfor others.n > 0 {\n\t\tm.queue.push(others.pop())\n\t}\n\tm.mu.Unlock()",
			Test: "TestWake_duringThePollIsOnePollMoreBehindAllOthers", Message: "Not equal",
		},
		{
			Name: "abort does not queue the task", File: "state.go",
			Old: "return aborted, queueIt", New: "return aborted, nothing",
			Test: "TestAbort/while_it_waits", Message: "how often the Future was cancelled",
		},
		{
			Name: "abort cancels the Future at once", File: "join.go",
			Old: "{ h.task.abort() }", New: "{ h.task.abort(); h.discard() }",
			Test: "TestAbort/while_it_waits", Message: "the one who aborts does not cancel",
		},
		{
			Name: "abort forgets to cancel the Future", File: "task.go",
			Old: "t.finish(p, state.drop, err)\n\t}()\n\tt.body.discard()", New: "t.finish(p, state.drop, err)\n\t}()",
			Test: "TestAbort/before_the_first_poll", Message: "how often the Future was cancelled",
		},
		{
			Name: "abort beats a value", File: "state.go",
			Old: "\tcase running, runningNotified, runningAborted:\n\t\treturn complete, nothing", New: "\tcase running, runningNotified:\n\t\treturn complete, nothing",
			Test: "TestAbort/during_a_poll_that_is_ready:_the_value_wins", Message: "a task that is runningAborted cannot end",
		},
		{
			Name: "does not wake the joiner on an error", File: "task.go",
			Old: "if waiter != nil {", New: "if waiter != nil && err == nil {",
			Test: "TestPanic_inAPollIsTheTasksError", Message: "the joiner must be woken",
		},
		{
			Name: "looks before it registers, and not under one lock", File: "join.go",
			Old: "\tif tr := h.task.home.trace; tr != nil {", New: "\tover := h.task.state.load().over()\n\tdefer func() {\n\t\tif !over && ready {\n\t\t\tready = false\n\t\t}\n\t}()\n\tif tr := h.task.home.trace; tr != nil {",
			Test: "TestJoinHandle_seesTheEndThatComesWhileItRegisters", Message: "he was neither told nor woken",
		},
		{
			Name: "keeps the joiner of the first poll", File: "join.go",
			Old: "\t\th.waiter = cx.Waker()\n", New: "\t\tif h.waiter == nil {\n\t\t\th.waiter = cx.Waker()\n\t\t}\n",
			Test: "TestJoinHandle_wakesTheWakerOfItsLastPoll", Message: "of the first poll",
		},
		{
			Name: "the result is there before the Future is gone", File: "task.go",
			Old: "\tt.record(trace.Cancelled, p)\n", New: "\tt.record(trace.Cancelled, p)\n\tt.finish(p, state.drop, ErrCancelled)\n\tt.body.discard()\n\treturn\n",
			Test: "TestJoinHandle_isReadyOnlyWhenTheFutureIsGone", Message: "Should be false",
		},
		{
			Name: "keeps the Future after its end", File: "join.go",
			Old: "\t\th.result.Value = value\n\t\th.future = nil\n", New: "\t\th.result.Value = value\n",
			Test: "TestTask_keepsOnlyItsResult/ready", Message: "the task keeps what its Future has used",
		},
		{
			Name: "lets a panic through", File: "task.go",
			Old: "t.crash(p, recover())", New: "t.crash(p, \"not recovered\")",
			Test: "TestPanic_inAPollIsTheTasksError", Message: "panic: boom",
		},
		{
			Name: "loses the worker to a Goexit", File: "worker.go",
			Old: "\t\tgo w.work()\n", New: "\t\tw.rt.working.Done()\n",
			Test: "TestRuntime_aPanicOrGoexitEndsOneTaskOnly/1_workers", Message: "deadlock",
		},
		{
			Name: "looks, then announces that it will sleep", File: "idle.go",
			Old: "case rt.anythingFor(w):", New: "case rt.stopping.Load():",
			Test: "TestRuntime_seesTheWakeThatComesBeforeItAnnouncesThatItSleeps", Message: "fell asleep over a wake",
		},
		{
			Name: "looks a second time, but not for what it could steal", File: "idle.go",
			Old: "rt.stopping.Load() || w.anyToSteal()", New: "rt.stopping.Load()",
			Test: "TestRuntime_seesBeforeItSleepsWhatOthersHaveTakenAndCannotPoll", Message: "a worker has fallen asleep over a task that it could have stolen",
		},
		{
			Name: "looks a second time, but not whether the runtime stops", File: "idle.go",
			Old: "queued || rt.stopping.Load() ||", New: "queued ||",
			Test: "TestShutdown_isSeenByWhoIsAboutToSleep", Message: "a worker has fallen asleep in the driver, and Shutdown waits for it",
		},
		{
			Name: "keeps no token for a wake before the sleep", File: "parker.go",
			Old: "make(token, 1)", New: "make(token)",
			Test: "TestBlockOn/a_wake_before_the_sleep_is_not_lost", Message: "deadlock",
		},
		{
			Name: "the queue is a stack", File: "queue.go",
			Old: "\tt.next = nil\n\tif l.n == 0 {\n\t\tl.first = t\n", New: "\tt.next = l.first\n\tif l.n > 0 {\n\t\tl.first = t\n\t\tl.n++\n\t\treturn\n\t}\n\tif l.n == 0 {\n\t\tl.first = t\n",
			Test: "TestRuntime_oneWorkerIsFirstInFirstOut", Message: "poll number",
		},
		{
			Name: "no budget", File: "task.go",
			Old: "p.cx.Renew(t, p.budget)", New: "p.cx.Renew(t, -1)",
			Test: "TestBudget_endsAPollThatHasAlwaysSomethingToDo", Message: "operations in one poll",
		},
		{
			Name: "a thief loses a task", File: "worker.go",
			Old: "\t\t\tw.local.fill(loot)\n", New: "\t\t\tloot.pop()\n\t\t\tw.local.fill(loot)\n",
			Test: "TestRuntime_onePollThatBlocksDoesNotHoldUpTheOthers/tasks_in_the_queue_of_its_worker", Message: "deadlock",
		},
		{
			Name: "never looks at the timers while there are tasks", File: "worker.go",
			Old: "if w.polls%lookAroundEvery == 0 {", New: "if false {",
			Test: "TestRuntime_looksAtTimersAndDriverThoughTasksAreAlwaysThere", Message: "a timer does not fire while tasks are always runnable",
		},
		{
			Name: "looks every second whether there is anything to do", File: "idle.go",
			Old: "rt.driver.Park(rt.untilNextTimer(), w.woken)", New: "rt.driver.Park(min(time.Second, max(0, rt.untilNextTimer())), w.woken)",
			Test: "TestRuntime_idleDoesNothing", Message: "turns of the driver while nothing happens",
		},
		{
			Name: "an earlier deadline does not wake the driver", File: "idle.go",
			Old: "\tif sleeping {\n", New: "\tif false && sleeping {\n",
			Test: "TestRuntime_anEarlierDeadlineWakesTheDriver/1_workers", Message: "Not equal",
		},
		{
			Name: "who finds much work calls nobody", File: "idle.go",
			Old: "if more || rt.inDriver == nil {", New: "if rt.inDriver == nil {",
			Test: "TestRuntime_wakesAllWorkersWhenThereIsWorkForAll/4_workers", Message: "deadlock",
		},
		{
			Name: "leaves the driver alone while others sleep", File: "idle.go",
			Old: "if more || rt.inDriver == nil {", New: "if more {",
			Test: "TestRuntime_onePollThatBlocksDoesNotHoldUpTheOthers/timers,_and_connections", Message: "deadlock",
		},
		{
			Name: "wakes the one in the driver first", File: "idle.go",
			Old: "if rt.sleepers[last] == rt.inDriver && last > 0 {", New: "if false {",
			Test: "TestRuntime_oneTaskWakesOneWorker", Message: "workers that one task has woken",
		},
		{
			Name: "one push wakes all workers", File: "idle.go",
			Old: "if rt.calling || len(rt.sleepers) == 0 {", New: "for _, w := range rt.sleepers {\n\t\tw.token.Wake()\n\t}\n\tif rt.calling || len(rt.sleepers) == 0 {",
			Test: "TestRuntime_oneTaskWakesOneWorker", Message: "workers that one task has woken",
		},
		{
			Name: "Shutdown forgets the tasks that wait", File: "runtime.go",
			Old: "\trt.killAll()\n", New: "\tfor t := rt.queue.pop(); t != nil; t = rt.queue.pop() {\n\t\tt.kill()\n\t}\n",
			Test: "TestShutdown_wakesWhoWaitsAndWaitsForPolls/1_workers", Message: "deadlock",
		},
		{
			Name: "Spawn after Shutdown leaves the task as it is", File: "home.go",
			Old: "\t\tt.kill()\n\t}\n\treturn h", New: "\t\t_ = t\n\t}\n\treturn h",
			Test: "TestShutdown_thenSpawnIsCancelledAtOnce/1_workers", Message: "Should be true",
		},
		{
			Name: "Shutdown does not wait for polls", File: "runtime.go",
			Old: "\trt.working.Wait()\n", New: "",
			Test: "TestShutdown_wakesWhoWaitsAndWaitsForPolls/1_workers", Message: "a task that is runningAborted cannot begin",
		},
	})
}
