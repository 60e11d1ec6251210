// Package futures copies Futures after they were polled. go vet says what stands in the
// comments; a test compares.
package futures

import (
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

func copiesTheArticlesMachine(cx *future.Context, hello *future.DelayHello) {
	hello.Poll(cx)
	again := *hello // vet: assignment copies lock value to again
	again.Poll(cx)  // two machines, and one clock
}

func copiesASet(cx *future.Context, set *future.Set[int]) {
	set.PollNext(cx)
	again := *set // vet: assignment copies lock value to again
	again.PollNext(cx)
}

func copiesASleep(cx *future.Context, sleep *timer.Sleep) {
	sleep.Poll(cx)
	again := *sleep // vet: assignment copies lock value to again
	again.Cancel()  // takes the place in the heap that sleep has
}

func copiesAHandle(cx *future.Context, handle *executor.JoinHandle[int]) {
	handle.Poll(cx)
	again := *handle // vet: assignment copies lock value to again
	again.Poll(cx)
}

// What is made of Futures is guarded by theirs.
type connection struct {
	greeting future.DelayHello
	number   int
}

func moves(connections []connection) {
	for i, c := range connections { // vet: range var c copies lock
		connections[i].number = c.number + 1
	}
}

// Join, Select and the others can't be copied: who has one has a pointer in an interface.
func copiesThePointer(cx *future.Context, a, b future.Future[int]) {
	join := future.Join(a, b)
	again := join
	again.Poll(cx)
}
