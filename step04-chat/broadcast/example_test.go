package broadcast_test

import (
	"context"
	"errors"
	"fmt"

	"example.com/async/step04-chat/broadcast"
)

func Example() {
	sender, alice := broadcast.New[string](4)
	bob := sender.Subscribe()

	sender.Send("hello")
	sender.Send("anybody there?")
	sender.Close()

	for v := range alice.All(context.Background()) {
		fmt.Println("alice:", v)
	}
	for v := range bob.All(context.Background()) {
		fmt.Println("bob:", v)
	}
	// Output:
	// alice: hello
	// alice: anybody there?
	// bob: hello
	// bob: anybody there?
}

// A receiver that is too slow is told so, and goes on.
func ExampleLaggedError() {
	sender, receiver := broadcast.New[int](2)
	for v := 1; v <= 5; v++ {
		sender.Send(v)
	}
	sender.Close()
	for v, err := range receiver.All(context.Background()) {
		if lagged, ok := errors.AsType[*broadcast.LaggedError](err); ok {
			fmt.Println("missed", lagged.Missed)
			continue
		}
		fmt.Println(v)
	}
	// Output:
	// missed 3
	// 4
	// 5
}

// One goroutine waits for two things at a time.
func ExampleReceiver_Ready() {
	sender, receiver := broadcast.New[string](4)
	lines := make(chan string, 1)
	sender.Send("from the others")

	for seen := 0; seen < 2; seen++ {
		select {
		case <-receiver.Ready():
			if v, err := receiver.TryRecv(); err == nil {
				fmt.Println("received:", v)
			}
			lines <- "from the keyboard"
		case line := <-lines:
			fmt.Println("typed:", line)
		}
	}
	// Output:
	// received: from the others
	// typed: from the keyboard
}
