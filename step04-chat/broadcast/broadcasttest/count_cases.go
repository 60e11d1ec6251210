package broadcasttest

import (
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// The counts.
var countCases = []lesson.Case[Subject]{
	{
		Name:   "count-receiver-len",
		Rule:   "a receiver's Len counts what it has not seen, with what it has missed until it is told",
		Source: "tokio's receiver_len_with_lagged",
		Hint:   "the distance from the receiver's position to the end, whatever was overwritten",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(2)
			expectLen := func(want int, when string) {
				require.Equal(t, want, receiver.Len(), "Receiver.Len with a ring of 2, %s", when)
			}
			expectLen(0, "before any Send")
			send(t, sender, 1, 4)
			expectLen(4, "after four Sends")
			expect(t, receiver, nil, &broadcast.LaggedError{Missed: 2}, "four Sends through a ring of 2")
			expectLen(2, "after the LaggedError")
			expect(t, receiver, 3, nil, "the oldest that is left")
			expectLen(1, "after one of the last two values")
			receiver.Close()
			expectLen(0, "after its Close")
		},
	},
	{
		Name:   "count-handles",
		Rule:   "Senders and Receivers count those that are not closed, however they were made",
		Source: "tokio's receiver_count, sender_strong_count",
		Hint:   "New, Clone, Subscribe and Resubscribe count up",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(2)
			expectCounts := func(senders, receivers int, when string) {
				require.Equal(t, senders, sender.Senders(), "how many senders, %s", when)
				require.Equal(t, receivers, sender.Receivers(), "how many receivers, %s", when)
			}
			expectCounts(1, 1, "after New")
			clone, second := sender.Clone(), sender.Subscribe()
			expectCounts(2, 2, "after a Clone and a Subscribe")
			third := receiver.Resubscribe()
			expectCounts(2, 3, "after a Resubscribe")
			clone.Close()
			receiver.Close()
			receiver.Close()
			expectCounts(1, 2, "after one sender and one receiver were closed, the receiver twice")
			second.Close()
			third.Close()
			sender.Close()
			expectCounts(0, 0, "after everything was closed")
		},
	},
	{
		Name:   "count-resubscribe",
		Rule:   "Resubscribe begins with what is sent afterwards, also on a receiver that lags, and leaves that one alone",
		Source: "tokio's resubscribe_lagged_receiver",
		Hint:   "it is a Subscribe that needs no Sender",
		Check: func(t lesson.T, subject Subject) {
			sender, lagging := subject(2)
			send(t, sender, 1, 3)
			fresh := lagging.Resubscribe()
			expect(t, fresh, nil, broadcast.ErrEmpty, "made by Resubscribe of a receiver that lags")
			expect(t, lagging, nil, &broadcast.LaggedError{Missed: 1}, "Resubscribe changes nothing for the receiver that it was called on")
			send(t, sender, 4, 4)
			expect(t, fresh, 4, nil, "the first value since the Resubscribe")
		},
	},
	{
		Name:   "count-random",
		Rule:   "whatever happens in whatever order, the counts are what a plain list says",
		Source: "tokio's sender_len_random",
		Hint:   "Sender.Len counts what the slowest receiver still has to see, but no more than the ring holds",
		Check: func(t lesson.T, subject Subject) {
			for seed := range uint64(20) {
				playRandom(t, subject, seed, true)
			}
		},
	},
}
