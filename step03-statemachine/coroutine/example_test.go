package coroutine_test

import (
	"fmt"

	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// Two coroutines take turns in one task: each Await lets the other one go on.
func ExampleNew() {
	count := func(name string) future.Future[struct{}] {
		return coroutine.New(func(co *coroutine.Coroutine) (none struct{}) {
			for i := range 3 {
				fmt.Println(name, i)
				coroutine.Await(co, future.Yield())
			}
			return none
		})
	}
	// Join polls the other one first each time, so that neither is always behind.
	executor.BlockOn(future.Join(count("a"), count("b")))
	// Output:
	// a 0
	// b 0
	// b 1
	// a 1
	// a 2
	// b 2
}
