package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type helloFunc = func(clock future.Future[struct{}], say func(string)) future.Future[struct{}]

var polled = map[string]helloFunc{"enum": helloEnum, "coroutine": helloCoroutine}

func TestHello_waitsForTheClockBetweenItsSentences(t *testing.T) {
	for name, hello := range polled {
		t.Run(name, func(t *testing.T) {
			var said []string
			var clock futuretest.Trigger
			var waker futuretest.Waker
			f := futuretest.PollThree(hello(&clock, func(text string) { said = append(said, text) }))
			require.Empty(t, said)

			_, ready := f.Poll(future.NewContext(&waker))
			require.False(t, ready)
			require.Equal(t, []string{"wait for it"}, said)

			clock.Fire()
			require.Equal(t, 1, waker.Wakes())
			_, ready = f.Poll(future.NewContext(&waker))
			require.True(t, ready)
			require.Equal(t, []string{"wait for it", "hello"}, said)
		})
	}
}

func TestHello_givesTheClockBackWhenItIsCancelled(t *testing.T) {
	for name, hello := range polled {
		t.Run(name, func(t *testing.T) {
			clock := futuretest.NewProbe[struct{}](t, "the clock")
			f := hello(clock, func(string) {})
			f.Poll(future.NewContext(new(futuretest.Waker)))
			future.Cancel(f)
			require.Equal(t, 1, clock.Cancels())
		})
	}
}

func TestHelloGoroutine_saysTheSame(t *testing.T) {
	said := make(chan string)
	clock := make(chan struct{})
	done := helloGoroutine(clock, func(text string) { said <- text })
	require.Equal(t, "wait for it", <-said)
	close(clock)
	require.Equal(t, "hello", <-said)
	<-done
}
