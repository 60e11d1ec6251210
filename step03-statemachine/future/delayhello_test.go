package future_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// The same function twice. The goroutine waits inside it, at (1); the state machine
// returns there, and remembers where it was.
func ExampleDelayHello() {
	say := func(words string) { fmt.Println("  says:", words) }

	fmt.Println("a goroutine:")
	clock, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		say("wait for it")
		<-clock // (1)
		say("hello")
	}()
	close(clock) // the time is over
	<-done

	fmt.Println("a state machine:")
	over := new(futuretest.Trigger)
	hello, cx := future.NewDelayHello(over, say), future.NewContext(new(futuretest.Waker))
	fmt.Println(hello)
	hello.Poll(cx)
	fmt.Println(hello)
	over.Fire() // the time is over
	hello.Poll(cx)
	fmt.Println(hello)

	// Output:
	// a goroutine:
	//   says: wait for it
	//   says: hello
	// a state machine:
	// Start
	//   says: wait for it
	// Waiting
	//   says: hello
	// Done
}

func TestDelayHello_saysNothingTwiceHoweverOftenItIsPolled(t *testing.T) {
	clock, w := futuretest.NewProbe[struct{}](t, "the clock"), new(futuretest.Waker)
	var said []string
	hello := future.NewDelayHello(clock, func(words string) { said = append(said, words) })
	require.Empty(t, said, "nobody has polled it")
	f := futuretest.PollThree(hello)
	_, ready := futuretest.Poll(f, w)
	require.False(t, ready)
	clock.Complete(struct{}{})
	require.Equal(t, 1, w.Wakes())
	_, ready = futuretest.Poll(f, w)
	require.True(t, ready)
	require.Equal(t, []string{"wait for it", "hello"}, said)
	requireOver(t, f)
}

func TestDelayHello_cancelsItsClock(t *testing.T) {
	clock := futuretest.NewProbe[struct{}](t, "the clock")
	hello := future.NewDelayHello(clock, func(string) { t.Error("said something") })
	future.Cancel(hello)
	require.Equal(t, 1, clock.Cancels())
	requireOver(t, hello)
}
