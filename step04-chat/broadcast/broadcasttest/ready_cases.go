package broadcasttest

import (
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// Waiting in a select statement.
var readyCases = []lesson.Case[Subject]{
	{
		Name:   "ready-already",
		Rule:   "Ready's channel is ready at once when a value, a gap or the end is there already",
		Source: "the same lost wake-up: what came before the question will not come again",
		Hint:   "Ready has to look, under the lock, before it says: wait",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(2)
			expectNotReady(t, receiver.Ready(), "nothing was sent")
			send(t, sender, 1, 1)
			expectReady(t, receiver.Ready(), "a value was sent before Ready was called")
			expect(t, receiver, 1, nil, "Ready takes nothing away")
			expectNotReady(t, receiver.Ready(), "everything was received")
			send(t, sender, 2, 4)
			expectReady(t, receiver.Ready(), "there is a gap to be told of")
			sender.Close()
			for range 3 {
				receiver.TryRecv()
			}
			expectReady(t, receiver.Ready(), "the channel has ended")
			expect(t, receiver, nil, broadcast.ErrClosed, "everything was received, and the channel has ended")
			receiver.Close()
			expectReady(t, receiver.Ready(), "the receiver is closed")
		},
	},
	{
		Name:     "ready-wakes",
		Rule:     "Ready's channel becomes ready with the next Send or the end",
		Source:   "tokio::sync::broadcast::Receiver::recv in a select!",
		Hint:     "who waits in a select statement must be woken like who waits in Recv",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for _, what := range []string{"a value was sent", "the last sender was closed"} {
				sender, first := subject(2)
				receivers := []Receiver{first, sender.Subscribe()}
				woken := make(chan int, len(receivers))
				for i, r := range receivers {
					go func() {
						select {
						case <-r.Ready():
							woken <- i
						case <-t.Context().Done():
						}
					}()
				}
				synctest.Wait()
				require.Empty(t, woken, "nothing was sent")
				if what == "a value was sent" {
					send(t, sender, 1, 1)
				} else {
					sender.Close()
				}
				synctest.Wait()
				require.Len(t, woken, 2, "two goroutines wait in select statements, and %s: how many are woken?", what)
			}
		},
	},
	{
		Name:   "ready-loop",
		Rule:   "a loop of select statements gets every value, also when other branches win in between",
		Source: "what step 5 is made of",
		Hint:   "the branch that lost has taken nothing; Ready is asked anew each time",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(1024)
			interruptions := make(chan struct{})
			go func() {
				for range 1000 {
					interruptions <- struct{}{}
				}
			}()
			go func() {
				for v := range 1000 {
					sender.Send(v)
				}
				sender.Close()
			}()
			interrupted, next := 0, 0
			for open := true; open || interrupted < 1000; {
				ready := receiver.Ready()
				if !open {
					ready = nil
				}
				select {
				case <-interruptions:
					interrupted++
				case <-ready:
					v, err := receiver.TryRecv()
					switch err {
					case nil:
						require.Equal(t, next, v, "the values of one sender, in the order of the Sends")
						next++
					case broadcast.ErrClosed:
						open = false
					default:
						require.Equal(t, broadcast.ErrEmpty, err, "the ring is large enough for all")
					}
				case <-t.Context().Done():
					return
				}
			}
			require.Equal(t, 1000, next, "1000 values were sent to a loop of select statements: how many came?")
		},
	},
	{
		Name:   "no-receivers",
		Rule:   "NoReceivers is ready when the last receiver is closed, and after a Subscribe it isn't",
		Source: "tokio::sync::broadcast::Sender::closed",
		Hint:   "the counterpart of Ready, for senders",
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(2)
			second := sender.Subscribe()
			asked := sender.NoReceivers()
			first.Close()
			first.Close()
			expectNotReady(t, asked, "one of two receivers is closed")
			second.Close()
			expectReady(t, asked, "both receivers are closed")
			expectReady(t, sender.NoReceivers(), "both receivers are closed")
			third := sender.Subscribe()
			asked = sender.NoReceivers()
			expectNotReady(t, asked, "somebody has subscribed again")
			sender.Close()
			expectNotReady(t, asked, "that the sender is closed says nothing of receivers")
			third.Close()
			expectReady(t, asked, "the last receiver is closed again")
		},
	},
}

func expectReady(t lesson.T, ready <-chan struct{}, why string) {
	t.Helper()
	select {
	case <-ready:
	default:
		require.Fail(t, "the channel is not ready", "%s, and a select statement would wait", why)
	}
}

func expectNotReady(t lesson.T, ready <-chan struct{}, why string) {
	t.Helper()
	select {
	case <-ready:
		require.Fail(t, "the channel is ready", "%s, and a select statement would not wait: its loop spins", why)
	default:
	}
}
