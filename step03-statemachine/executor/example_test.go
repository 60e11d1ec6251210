package executor_test

import (
	"fmt"
	"os"
	"time"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A task runs whether somebody waits for it or not. Its handle is a Future of its result.
func Example() {
	rt := executor.New(executor.Config{})
	defer rt.Shutdown()

	// after returns a Future that sleeps for d, and then has the value name.
	after := func(d time.Duration, name string) future.Future[string] {
		return future.Map(rt.Sleep(d), func(struct{}) string { return name })
	}
	tea := executor.Spawn(rt, after(2*time.Millisecond, "tea"))
	toast := executor.Spawn(rt, after(time.Millisecond, "toast"))

	breakfast := executor.BlockOn(future.Join(tea, toast))
	fmt.Println(breakfast.First.Value, "and", breakfast.Second.Value)
	// Output: tea and toast
}

// The end of a task that was aborted is an error for who waits for it.
func ExampleJoinHandle_Abort() {
	rt := executor.New(executor.Config{})
	defer rt.Shutdown()

	h := executor.Spawn(rt, future.Never[int]())
	h.Abort()
	_, err := h.Wait()
	fmt.Println(err)
	// Output: executor: task cancelled
}

// With a Manual, a test decides who is polled and what time it is.
func ExampleManual() {
	tr := trace.New(100)
	m := executor.NewManual(tr)
	tr.Clock = func() time.Duration { return m.Now().Sub(time.Unix(0, 0)) }

	h := executor.Spawn(m, m.Sleep(time.Second))
	m.RunUntilStalled()
	fmt.Println("done:", h.Done())
	m.Advance(time.Second)
	m.RunUntilStalled()
	fmt.Println("done:", h.Done())
	tr.WriteText(os.Stdout)
	// Output:
	// done: false
	// done: true
	//     0.000 ms  task 1  spawned
	//     0.000 ms  task 1  poll
	//     0.000 ms  task 1  poll -> pending
	//  1000.000 ms  task 1  timer fired
	//  1000.000 ms  task 1  woken by a timer
	//  1000.000 ms  task 1  poll
	//  1000.000 ms  task 1  poll -> ready
	//  1000.000 ms  task 1  completed
}
