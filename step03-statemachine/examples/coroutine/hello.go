package main

import (
	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/future"
)

// The article's first async function, three times. Each says something, waits for the clock at
// (1), and says something else. They differ in where "I am at (1), and still need say" is kept.

// helloEnum keeps it in the fields of a state machine: see future.DelayHello.
func helloEnum(clock future.Future[struct{}], say func(string)) future.Future[struct{}] {
	return future.NewDelayHello(clock, say)
}

// helloCoroutine keeps it on a stack that somebody polls.
func helloCoroutine(clock future.Future[struct{}], say func(string)) future.Future[struct{}] {
	return coroutine.New(func(co *coroutine.Coroutine) (none struct{}) {
		say("wait for it")
		coroutine.Await(co, clock) // (1)
		say("hello")
		return none
	})
}

// helloGoroutine keeps it on a stack that Go's scheduler runs. It is no Future: it closes
// done at its end, and nobody can cancel it.
func helloGoroutine(clock <-chan struct{}, say func(string)) (done <-chan struct{}) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		say("wait for it")
		<-clock // (1)
		say("hello")
	}()
	return ended
}
