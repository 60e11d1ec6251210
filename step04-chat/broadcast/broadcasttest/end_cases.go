package broadcasttest

import (
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// Close, of senders and of receivers.
var endCases = []lesson.Case[Subject]{
	{
		Name:   "end-last-sender",
		Rule:   "the channel ends when the last sender is closed, not before",
		Source: "tokio::sync::broadcast::Sender, Drop",
		Hint:   "Clone counts up, Close counts down",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			clone := sender.Clone()
			other := clone.Clone()
			sender.Close()
			clone.Close()
			expect(t, receiver, nil, broadcast.ErrEmpty, "two of three senders are closed: the third can still send")
			send(t, other, 1, 1)
			expect(t, receiver, 1, nil, "what the third sender has sent")
			other.Close()
			expect(t, receiver, nil, broadcast.ErrClosed, "all three senders are closed")
		},
	},
	{
		Name:   "end-comes-last",
		Rule:   "at the end a receiver gets what is left for it, the gap first, and then ErrClosed, for ever",
		Source: "tokio's single_capacity_recvs_after_drop, lagging_receiver_recovers_after_wrap_closed",
		Hint:   "ask whether the channel has ended only when the receiver has seen everything",
		Check: func(t lesson.T, subject Subject) {
			const left, sentence = "the channel has ended, and this was sent before", "everything was received, and nobody can send any more"
			play(t, subject, 4, ends(), finds(broadcast.ErrClosed, sentence), finds(broadcast.ErrClosed, sentence))
			play(t, subject, 4, sends(1, 3), ends(), gets(1, 3, left), finds(broadcast.ErrClosed, sentence), finds(broadcast.ErrClosed, sentence))
			play(t, subject, 1, sends(1, 1), ends(), gets(1, 1, left), finds(broadcast.ErrClosed, sentence))
			play(t, subject, 1, sends(1, 2), ends(), lags(1, left), gets(2, 2, left), finds(broadcast.ErrClosed, sentence))
			play(t, subject, 2, sends(1, 4), ends(), lags(2, left), gets(3, 4, left), finds(broadcast.ErrClosed, sentence), finds(broadcast.ErrClosed, sentence))
		},
	},
	{
		Name:   "end-close-twice",
		Rule:   "a second Close of the same sender or receiver does nothing",
		Source: "io.Closer leaves it open; here it is defined",
		Hint:   "each sender and each receiver remembers that it was closed",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			clone, other := sender.Clone(), sender.Subscribe()
			clone.Close()
			clone.Close()
			other.Close()
			other.Close()
			n, err := sender.Send(1)
			require.NoError(t, err, "one sender was closed twice, and another, and one receiver, are left")
			require.Equal(t, 1, n, "one of two receivers was closed twice: how many are left?")
			expect(t, receiver, 1, nil, "this receiver was not closed")
		},
	},
	{
		Name:   "end-closed-sender",
		Rule:   "a sender that was closed sends no more, nor does its clone; the others do",
		Source: "in Rust the type system sees to it",
		Hint:   "Close is of one sender: what it does to the channel is another matter",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			clone := sender.Clone()
			clone.Close()
			_, err := clone.Send(1)
			require.ErrorIs(t, err, broadcast.ErrClosed, "Send on a sender that was closed")
			_, err = clone.Clone().Send(1)
			require.ErrorIs(t, err, broadcast.ErrClosed, "Send on the clone of a sender that was closed")
			send(t, sender, 2, 2)
			expect(t, receiver, 2, nil, "what a sender has sent that was not closed; another one was")
			sender.Close()
			expect(t, receiver, nil, broadcast.ErrClosed, "all senders are closed; one was cloned after its Close")
		},
	},
	{
		Name:   "end-closed-receiver",
		Rule:   "a receiver that was closed receives nothing, and counts no more",
		Source: "tokio::sync::broadcast::Receiver, Drop",
		Hint:   "it was told ErrClosed: not even what it has left comes after that",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			other := sender.Subscribe()
			send(t, sender, 1, 2)
			receiver.Close()
			expect(t, receiver, nil, broadcast.ErrClosed, "this receiver was closed while two values were left for it")
			n, err := sender.Send(3)
			require.NoError(t, err)
			require.Equal(t, 1, n, "one of two receivers was closed: how many are left?")
			expect(t, receiver, nil, broadcast.ErrClosed, "this receiver was closed before the Send")
			for want := 1; want <= 3; want++ {
				expect(t, other, want, nil, "that another receiver was closed is not this one's concern")
			}
		},
	},
	{
		Name:   "end-nobody-there",
		Rule:   "without receivers Send fails with ErrNoReceivers; a Subscribe makes it possible again",
		Source: "tokio's send_no_rx",
		Hint:   "no receiver is no end: as long as there is a sender, somebody can subscribe",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			receiver.Close()
			for range 3 {
				n, err := sender.Send(1)
				require.ErrorIs(t, err, broadcast.ErrNoReceivers, "the only receiver is closed: who should get the value?")
				require.Zero(t, n)
			}
			late := sender.Subscribe()
			expect(t, late, nil, broadcast.ErrEmpty, "what was sent while nobody was there was refused: nobody gets it")
			send(t, sender, 2, 2)
			expect(t, late, 2, nil, "somebody has subscribed again")
		},
	},
	{
		Name:   "end-subscribe",
		Rule:   "a receiver of a channel that has ended gets ErrClosed at once",
		Source: "tokio's resubscribe_to_closed_channel",
		Hint:   "it begins after the last value, like any new receiver; and what is there then?",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			send(t, sender, 1, 1)
			sender.Close()
			expect(t, sender.Subscribe(), nil, broadcast.ErrClosed, "subscribed after the end")
			expect(t, receiver.Resubscribe(), nil, broadcast.ErrClosed, "resubscribed after the end: what was sent before is not for it")
			expect(t, receiver, 1, nil, "this receiver was there when it was sent")
		},
	},
}
