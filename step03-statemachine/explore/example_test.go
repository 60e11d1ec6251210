package explore_test

import (
	"fmt"

	"example.com/async/step03-statemachine/explore"
)

// The bug of many a first Future: it looks whether its value is there, and then registers its
// waker. The value may come in between.
func Example() {
	checkThenRegister := func(w *explore.World) {
		var done, registered, woken bool

		w.Go("poll", func() {
			w.Point("look")
			if done {
				return
			}
			w.Point("register the waker")
			registered = true
			w.Wait("woken", func() bool { return woken })
		})
		w.Go("timer", func() {
			w.Point("set done")
			done = true
			w.Point("wake who is registered")
			woken = registered
		})
	}

	failure, _ := explore.Search(explore.Limits{}, checkThenRegister)
	fmt.Println(failure)
	// Output:
	// lost wake-up: poll waits for "woken", and nobody is left to bring it about
	//
	//       poll                timer
	//    1  start
	//    2  look
	//    3                      start
	//    4                      set done
	//    5                      wake who is registered
	//    6  register the waker
	//       waits: woken
	//
	// schedule: poll poll timer timer timer poll
}
