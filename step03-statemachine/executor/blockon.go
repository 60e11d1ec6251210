package executor

import (
	"reflect"
	"runtime"

	"example.com/async/step03-statemachine/future"
)

// BlockOn polls f on the goroutine that calls it until f is ready, and sleeps when f has to wait.
// It is the smallest executor there is: one task, and no queue.
//
// In the poll of a task it would block the task's worker, and with it whatever f may wait for. There it
// panics if it would have to sleep: spawn f, and poll its handle. (A coroutine that the poll has switched
// to is a goroutine of its own: there nobody finds out.)
func BlockOn[T any](f future.Future[T]) T {
	return block(f, mustNotBeWorker)
}

// block is BlockOn. Before it sleeps for the first time it calls maySleep, which panics if it
// may not.
func block[T any](f future.Future[T], maySleep func()) T {
	wake := newToken()
	cx := future.NewContext(wake)
	for first := true; ; first = false {
		value, ready := f.Poll(cx)
		if ready {
			return value
		}
		if first {
			maySleep()
		}
		wake.sleep() // returns at once if the waker was called since the poll began
	}
}

// mustNotBeWorker panics on the goroutine of a worker.
func mustNotBeWorker() {
	if onWorker() {
		panic("executor: BlockOn or Wait in the poll of a task would block its worker, and perhaps for ever: spawn the Future, and poll its JoinHandle")
	}
}

// onWorker reports whether the goroutine that calls it is a worker's: whether its stack begins in worker.work. In
// Go a function is not told who it runs for, but it can look at who has called it.
func onWorker() bool {
	const outermost = 4 // callers to look at: runtime.goexit, worker.work, and what the compiler puts between them
	var stack [64]uintptr
	n, skip := 0, 0
	for {
		n = runtime.Callers(skip, stack[:])
		if n < len(stack) {
			break
		}
		skip += len(stack) - outermost
	}
	for _, pc := range stack[max(0, n-outermost):n] {
		if f := runtime.FuncForPC(pc - 1); f != nil && f.Entry() == workEntry {
			return true
		}
	}
	return false
}

var workEntry = reflect.ValueOf((*worker).work).Pointer()
