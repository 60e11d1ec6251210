package broadcasttest

import (
	"runtime"
	"weak"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// How long a value is kept: each of these cases sends pointers and looks whether the garbage collector
// has taken what they point to.
var valueCases = []lesson.Case[Subject]{
	{
		Name:   "value-overwritten",
		Rule:   "the channel never grows: it holds at most as many values as its capacity",
		Source: "CWE-770, allocation without limits",
		Hint:   "a queue for each receiver grows as long as somebody doesn't read; a ring doesn't",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(8)
			values := sendPointers(t, sender, 100)
			require.LessOrEqual(t, alive(values), 8, "100 values were sent through a ring of 8 and not received: how many are still kept?")
			runtime.KeepAlive(receiver)
			runtime.KeepAlive(sender)
		},
	},
	{
		Name:   "value-seen",
		Rule:   "a value that all receivers have seen is not kept",
		Source: "tokio::sync::broadcast: a value is dropped when the last receiver has seen it",
		Hint:   "clear the slot when the last one has read it: its turn to be overwritten may never come",
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(8)
			second := sender.Subscribe()
			values := sendPointers(t, sender, 4)
			receiveAll(first)
			require.Equal(t, 4, alive(values), "four values were sent, and one of two receivers has not seen them")
			receiveAll(second)
			require.Zero(t, alive(values), "four values were sent, and both receivers have seen them: how many are still kept?")
			runtime.KeepAlive(first)
			runtime.KeepAlive(second)
			runtime.KeepAlive(sender)
		},
	},
	{
		Name:   "value-unreceived",
		Rule:   "what a closed receiver has not seen counts as seen",
		Source: "tokio's unconsumed_messages_are_dropped",
		Hint:   "Close goes through what this receiver has left, as if it had received it",
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(8)
			second := sender.Subscribe()
			values := sendPointers(t, sender, 20) // so both lag
			receiveAll(first)
			require.Equal(t, 8, alive(values), "20 values were sent through a ring of 8, and one of two receivers has not seen them")
			second.Close()
			require.Zero(t, alive(values), "one receiver has seen all values, the other was closed: how many values are still kept?")
			runtime.KeepAlive(first)
			runtime.KeepAlive(sender)
		},
	},
	{
		Name:   "value-refused",
		Rule:   "a value that nobody would get is not kept",
		Source: "tokio::sync::broadcast::Sender::send, which gives it back",
		Hint:   "look whether there are receivers before you store the value",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(8)
			receiver.Close()
			values := sendPointers(t, sender, 4)
			require.Zero(t, alive(values), "there was no receiver, so no value can ever be received: how many are kept?")
			runtime.KeepAlive(sender)
		},
	},
}

// sendPointers sends n pointers and returns weak ones: they don't keep the values alive.
func sendPointers(t lesson.T, sender Sender, n int) []weak.Pointer[[64]byte] {
	values := make([]weak.Pointer[[64]byte], n)
	for i := range values {
		v := new([64]byte)
		values[i] = weak.Make(v)
		sender.Send(v)
	}
	return values
}

// receiveAll receives until there is nothing left. A LaggedError is passed over.
func receiveAll(r Receiver) {
	for range 100 {
		if _, err := r.TryRecv(); err == broadcast.ErrEmpty || err == broadcast.ErrClosed {
			return
		}
	}
}

// alive counts the values that something still refers to.
func alive(values []weak.Pointer[[64]byte]) (n int) {
	runtime.GC()
	for _, v := range values {
		if v.Value() != nil {
			n++
		}
	}
	return n
}
