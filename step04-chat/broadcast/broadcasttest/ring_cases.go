package broadcasttest

import (
	"fmt"
	"math"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// Who gets which value. These cases use Send, Subscribe and TryRecv alone.
var ringCases = []lesson.Case[Subject]{
	{
		Name:   "ring-empty",
		Rule:   "TryRecv returns ErrEmpty when there is nothing yet, and again when everything was received",
		Source: "tokio::sync::broadcast::Receiver::try_recv",
		Hint:   "compare the receiver's position with the number of values that were sent",
		Check: func(t lesson.T, subject Subject) {
			play(t, subject, 4,
				finds(broadcast.ErrEmpty, "nothing was sent yet"),
				sends(1, 1), gets(1, 1, "the first value"),
				finds(broadcast.ErrEmpty, "the only value was received already"))
		},
	},
	{
		Name:   "ring-everybody",
		Rule:   "each receiver gets every value, in the order of the Sends, however often the ring goes round",
		Source: "tokio::sync::broadcast",
		Hint:   "that one receiver has seen a value changes nothing for the others: each has a position of its own",
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(4)
			receivers := []Receiver{first, sender.Subscribe(), sender.Subscribe()}
			for round := range 5 {
				send(t, sender, 3*round, 3*round+2)
				for i, r := range receivers {
					for want := 3 * round; want <= 3*round+2; want++ {
						expect(t, r, want, nil, "receiver %d of 3, capacity 4, three values sent and received at a time", i)
					}
					expect(t, r, nil, broadcast.ErrEmpty, "receiver %d has had all", i)
				}
			}
		},
	},
	{
		Name:   "ring-newcomer",
		Rule:   "a new receiver sees what is sent after it subscribed, and nothing older",
		Source: "tokio::sync::broadcast::Sender::subscribe",
		Hint:   "a new receiver's position is that of the next value",
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(4)
			send(t, sender, 1, 2)
			late := sender.Subscribe()
			expect(t, late, nil, broadcast.ErrEmpty, "a receiver subscribed after two Sends: those were not for it")
			send(t, sender, 3, 3)
			expect(t, late, 3, nil, "the first value for a receiver that came after two others")
			expect(t, late, nil, broadcast.ErrEmpty, "there was one Send since it subscribed")
			for want := 1; want <= 3; want++ {
				expect(t, first, want, nil, "the receiver that was there from the start gets all three")
			}
		},
	},
	{
		Name:   "ring-counts",
		Rule:   "Send returns how many receivers there are",
		Source: "tokio::sync::broadcast::Sender::send",
		Hint:   "all that were not closed count, whether or not they keep up",
		Check: func(t lesson.T, subject Subject) {
			sender, _ := subject(2)
			for want := 1; want <= 4; want++ {
				for range 3 { // more than the ring holds
					n, err := sender.Send(want)
					require.NoError(t, err)
					require.Equal(t, want, n, "what Send returned with %d receivers that don't keep up", want)
				}
				sender.Subscribe()
			}
		},
	},
	{
		Name:   "ring-exactly-full",
		Rule:   "a receiver that is behind by the whole capacity has missed nothing",
		Source: "tokio's slow_receiver_within_capacity_does_not_lag",
		Hint:   "with capacity 4 and 4 values sent, the oldest is number 0: the ring is full, and nothing was overwritten",
		Check: func(t lesson.T, subject Subject) {
			for _, capacity := range []int{1, 2, 4, 64} {
				play(t, subject, capacity,
					sends(1, capacity), gets(1, capacity, "as many values as the ring holds: none is lost"),
					sends(1, capacity), gets(1, capacity, "as many values as the ring holds, the second time round: none is lost"))
			}
		},
	},
	{
		Name:   "ring-rounded-up",
		Rule:   "the capacity is rounded up to a power of two, and lag is counted by that",
		Source: "tokio::sync::broadcast::channel",
		Hint:   "the size of the ring is the size that counts, not the number that New was given",
		Check: func(t lesson.T, subject Subject) {
			for capacity, size := range map[int]int{1: 1, 2: 2, 3: 4, 5: 8, 8: 8, 17: 32, 100: 128} {
				play(t, subject, capacity, sends(1, size), gets(1, size, fmt.Sprintf("a ring of %d holds %d values", capacity, size)))
				play(t, subject, capacity, sends(1, size+1),
					lags(1, fmt.Sprintf("a ring of %d holds %d values, and one more was sent", capacity, size)),
					gets(2, size+1, "the others are still there"))
			}
		},
	},
	{
		Name:   "ring-capacity",
		Rule:   "New panics if the capacity is less than 1 or more than half of the largest int",
		Source: "tokio::sync::broadcast::channel",
		Hint:   "a ring without slots can hold nothing; and what is the next power of two after the largest one?",
		Check: func(t lesson.T, subject Subject) {
			for _, capacity := range []int{0, -1, math.MinInt, math.MaxInt/2 + 1, math.MaxInt} {
				require.Panics(t, func() { subject(capacity) }, "a capacity of %d makes no channel", capacity)
			}
		},
	},
	{
		Name:   "ring-never-blocks",
		Rule:   "Send never waits for a receiver",
		Source: "tokio::sync::broadcast: slow receivers",
		Hint:   "when the ring is full, the new value takes the place of the oldest",
		Check: func(t lesson.T, subject Subject) {
			sender, _ := subject(2)
			sent := make(chan error)
			go func() {
				var failed error
				for i := range 1000 {
					if _, err := sender.Send(i); err != nil {
						failed = err
					}
				}
				sent <- failed
			}()
			require.NoError(t, <-sent, "1000 Sends to a receiver that doesn't read, through a ring of 2")
		},
	},
	{
		Name:   "ring-random",
		Rule:   "whatever the order of sends, receives and subscriptions, each receiver gets what a plain list says",
		Source: "tokio's sender_len_random, and more",
		Hint:   "the failing line says what was expected of one receiver; the shorter cases say the rules one by one",
		Check: func(t lesson.T, subject Subject) {
			for seed := range uint64(20) {
				playRandom(t, subject, seed, false)
			}
		},
	},
}
