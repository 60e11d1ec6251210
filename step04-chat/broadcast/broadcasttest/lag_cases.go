package broadcasttest

import (
	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// What a receiver is told that was too slow. These cases use Send, Subscribe and TryRecv alone.
var lagCases = []lesson.Case[Subject]{
	{
		Name:   "lag-told",
		Rule:   "a receiver that was overtaken is told how many values it has missed, exactly",
		Source: "tokio::sync::broadcast::error::TryRecvError::Lagged",
		Hint:   "the oldest value that is left has a number, and the receiver's position is one: subtract",
		Check: func(t lesson.T, subject Subject) {
			const sentence = "more values were sent than the ring holds, and the receiver has not read: how many has it missed?"
			play(t, subject, 2, sends(1, 3), lags(1, sentence))
			play(t, subject, 2, sends(1, 4), lags(2, sentence))
			play(t, subject, 2, sends(1, 5), lags(3, sentence))
			play(t, subject, 4, sends(1, 1004), lags(1000, sentence))
			play(t, subject, 4, sends(1, 4), gets(1, 1, "nothing is lost yet"), sends(5, 8), lags(3, sentence), gets(5, 8, "what is left"))
			play(t, subject, 3, sends(1, 4), gets(1, 1, "the ring has 4 slots"), sends(5, 6), lags(1, sentence), gets(3, 6, "what is left"))
		},
	},
	{
		Name:   "lag-goes-on",
		Rule:   "after that it goes on with the oldest value that is left, and gets all that are",
		Source: "tokio::sync::broadcast: lagging",
		Hint:   "what is still in the ring is not lost: the receiver has to move forward no further than it must",
		Check: func(t lesson.T, subject Subject) {
			const sentence = "the receiver was told what it has missed; now it must get what is still there"
			play(t, subject, 2, sends(1, 3), lags(1, "one too many"), gets(2, 3, sentence), finds(broadcast.ErrEmpty, "that was all"))
			play(t, subject, 1, sends(1, 1), gets(1, 1, "no lag yet"), sends(2, 3), lags(1, "one too many"), gets(3, 3, sentence), finds(broadcast.ErrEmpty, "that was all"))
			play(t, subject, 4, sends(1, 1000), lags(996, "far behind"), gets(997, 1000, sentence), finds(broadcast.ErrEmpty, "that was all"))
		},
	},
	{
		Name:   "lag-each-gap",
		Rule:   "each gap is told once, with the count of that gap alone",
		Source: "tokio's lag_again_before_reading_retained_messages",
		Hint:   "the LaggedError moves the receiver to the oldest value: the next gap is counted from there",
		Check: func(t lesson.T, subject Subject) {
			const sentence = "the receiver was told of a gap, and then there is another"
			play(t, subject, 2, sends(1, 3), lags(1, "the first gap"),
				sends(4, 6), lags(3, sentence), gets(5, 6, "what is left after the second gap"))
			play(t, subject, 2, sends(1, 3), lags(1, "the first gap"), gets(2, 2, "what is left after the first gap"),
				sends(4, 5), lags(1, sentence), sends(6, 6), lags(1, sentence), gets(5, 6, "what is left after the third gap"))
			play(t, subject, 2, sends(1, 5), lags(3, "the first gap"), gets(4, 5, "it has caught up"),
				sends(6, 7), gets(6, 7, "it keeps up"), sends(8, 10), lags(1, sentence))
		},
	},
	{
		Name:   "lag-per-receiver",
		Rule:   "a receiver that keeps up is not told of the gaps of another",
		Source: "tokio's lag_is_per_receiver",
		Hint:   "whether there is a gap depends on the receiver's own position",
		Check: func(t lesson.T, subject Subject) {
			sender, slow := subject(2)
			quick := sender.Subscribe()
			for v := 1; v <= 5; v++ {
				send(t, sender, v, v)
				expect(t, quick, v, nil, "it reads each value at once, while another receiver does not read at all")
			}
			late := sender.Subscribe()
			expect(t, slow, nil, &broadcast.LaggedError{Missed: 3}, "five values through a ring of 2, and this receiver has read none")
			expect(t, slow, 4, nil, "what is left for the slow one")
			expect(t, quick, nil, broadcast.ErrEmpty, "it has had all")
			expect(t, late, nil, broadcast.ErrEmpty, "a new receiver has missed nothing, however many were sent before it came")
		},
	},
}
