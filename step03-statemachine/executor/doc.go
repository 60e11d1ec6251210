// Package executor polls Futures until they are done.
//
// [Spawn] makes a task of a Future: something that a [Runtime] polls, on one of its workers, each time that
// its waker was called. The [JoinHandle] that Spawn returns is a Future of the task's result.
// [BlockOn] polls one Future on the goroutine that calls it, and is how a program that is not
// made of Futures waits for one.
//
// The parts, in the order in which they need each other: state.go says what may happen to a
// task, and is where no wake is lost. task.go polls one, join.go hands over its result, home.go has
// Spawn. parker.go is how a goroutine sleeps until it is woken, and blockon.go the smallest
// executor there is. The large one is queue.go, worker.go, idle.go (how workers fall asleep without
// missing a task) and runtime.go. blocking.go runs what blocks, and watchdog_linux.go sees to it that Go
// interrupts that. [Manual] is the executor for tests: it polls what the test says, and its clock is turned
// by hand. record.go writes the trace.
//
// The wakers are the tasks themselves: waking allocates nothing, and neither does polling again.
// What Go lacks for a scheduler like tokio's is a variable per thread: Wake cannot know on which worker it runs. So
// every task that was woken goes into the common queue, and the workers fetch them from there by the dozen.
package executor
