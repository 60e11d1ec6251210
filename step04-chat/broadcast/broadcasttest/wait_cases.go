package broadcasttest

import (
	"context"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// Waiting with Recv, and giving up.
var waitCases = []lesson.Case[Subject]{
	{
		Name:     "wait-wakes-all",
		Rule:     "a Send wakes every receiver that waits",
		Source:   "tokio's send_two_recv_bounded",
		Hint:     "a send on a Go channel wakes one of those who wait for it; closing it wakes all",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(4)
			var waiting []<-chan result
			for _, r := range []Receiver{first, sender.Subscribe(), sender.Subscribe(), sender.Subscribe()} {
				waiting = append(waiting, recv(t, t.Context(), r))
			}
			synctest.Wait()
			send(t, sender, 1, 1)
			synctest.Wait()
			for i, got := range waiting {
				expectCame(t, got, result{1, nil}, "four receivers wait, and a value was sent. Receiver %d", i)
			}
		},
	},
	{
		Name:     "wait-again",
		Rule:     "a receiver that has been woken can wait again, as often as it likes",
		Source:   "tokio::sync::broadcast::Receiver::recv",
		Hint:     "a closed channel stays closed, and one who waits for it spins; the next wait needs another",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(1)
			for v := 1; v <= 10; v++ {
				got := recv(t, t.Context(), receiver)
				synctest.Wait()
				send(t, sender, v, v)
				synctest.Wait()
				expectCame(t, got, result{v, nil}, "the receiver waits for the value number %d, which was sent", v)
			}
		},
	},
	{
		Name:   "wait-no-lost-wakeup",
		Rule:   "a value that is sent while a receiver is about to wait wakes it",
		Source: "the lost wake-up: see sync.Cond, and Waker in step 3",
		Hint:   "between looking and waiting a Send can come: announce that you will wait under the lock under which you have looked",
		Check: func(t lesson.T, subject Subject) {
			sender, ping := subject(1)
			answer, pong := subject(1)
			done := make(chan error)
			const rounds = 2000
			go func() {
				var failed error
				for v := range rounds {
					got, err := ping.Recv(t.Context())
					if err == nil && got != any(v) {
						err = errOrder
					}
					if failed == nil {
						failed = err
					}
					answer.Send(v)
				}
				done <- failed
			}()
			for v := range rounds {
				send(t, sender, v, v)
				got, err := pong.Recv(t.Context())
				expectResult(t, result{v, nil}, result{got, err}, "the answer number %d of %d: two goroutines send to each other in turn", v, rounds)
			}
			require.NoError(t, <-done, "what the other goroutine received")
		},
	},
	{
		Name:     "wait-already-there",
		Rule:     "Recv does not wait when a value, a gap or the end is there already",
		Source:   "tokio::sync::broadcast::Receiver::recv",
		Hint:     "look first, then wait",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(2)
			send(t, sender, 1, 3)
			sender.Close()
			for _, want := range []result{{nil, &broadcast.LaggedError{Missed: 1}}, {2, nil}, {3, nil}, {nil, broadcast.ErrClosed}} {
				got := recv(t, t.Context(), receiver)
				synctest.Wait()
				expectCame(t, got, want, "three values were sent through a ring of 2, and the channel has ended: nothing to wait for. Recv")
			}
		},
	},
	{
		Name:     "wait-end",
		Rule:     "the end of the channel wakes every receiver that waits, and only the last sender's Close is the end",
		Source:   "tokio#4625",
		Hint:     "nobody will send any more: who else should wake them?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(4)
			clone := sender.Clone()
			waiting := []<-chan result{recv(t, t.Context(), first), recv(t, t.Context(), sender.Subscribe())}
			synctest.Wait()
			sender.Close()
			synctest.Wait()
			for i, got := range waiting {
				require.Empty(t, got, "one of two senders was closed, and receiver %d has stopped waiting", i)
			}
			clone.Close()
			synctest.Wait()
			for i, got := range waiting {
				expectCame(t, got, result{nil, broadcast.ErrClosed}, "two receivers wait, and the last sender was closed. Receiver %d", i)
			}
		},
	},
	{
		Name:     "wait-closed-meanwhile",
		Rule:     "a receiver that is closed while somebody waits in it stops waiting; the others go on",
		Source:   "net.Conn: Close unblocks Read",
		Hint:     "a Send will not come to a receiver that is closed; its own Close has to wake it",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, first := subject(4)
			second := sender.Subscribe()
			closed, other := recv(t, t.Context(), first), recv(t, t.Context(), second)
			synctest.Wait()
			first.Close()
			synctest.Wait()
			expectCame(t, closed, result{nil, broadcast.ErrClosed}, "the receiver was closed while Recv waited. It")
			require.Empty(t, other, "another receiver was closed, and this one has stopped waiting")
			send(t, sender, 1, 1)
			synctest.Wait()
			expectCame(t, other, result{1, nil}, "another receiver was closed, and then a value was sent. This one")
		},
	},
	{
		Name:     "give-up",
		Rule:     "when its context ends Recv returns ctx.Err(), and has received nothing",
		Source:   "tokio: Receiver::recv is cancel safe",
		Hint:     "a select over the wake-up and ctx.Done(); the value is taken after it, by who still wants it",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			ctx, cancel := context.WithCancel(t.Context())
			got := recv(t, ctx, receiver)
			synctest.Wait()
			cancel()
			synctest.Wait()
			expectCame(t, got, result{nil, context.Canceled}, "the context of a Recv that waits has ended. It")
			send(t, sender, 1, 2)
			expect(t, receiver, 1, nil, "a Recv was given up before the Sends: it has nothing to do with them")
			expect(t, receiver, 2, nil, "a Recv was given up before the Sends: it has nothing to do with them")
		},
	},
	{
		Name:   "give-up-before",
		Rule:   "Recv with a context that has ended returns ctx.Err(), also if there is a value; the value stays",
		Source: "net.Conn: a deadline that is over fails a Read though there is data",
		Hint:   "if values came first, a flood of them would keep a loop alive for ever",
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			send(t, sender, 1, 1)
			for range 10 {
				v, err := receiver.Recv(ctx)
				expectResult(t, result{nil, context.Canceled}, result{v, err}, "the context has ended, and a value is there")
			}
			expect(t, receiver, 1, nil, "ten Recvs returned ctx.Err(): the value must still be there")
		},
	},
	{
		Name:     "give-up-same-instant",
		Rule:     "a value that comes together with the end of the context is received by this Recv or by the next",
		Source:   "tokio::select!: what a branch that lost had received is gone, if it is not cancel safe",
		Hint:     "never take a value before it is sure that it will be returned",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for round := range 200 {
				sender, receiver := subject(4)
				ctx, cancel := context.WithCancel(t.Context())
				got := recv(t, ctx, receiver)
				synctest.Wait()
				if round%2 == 0 {
					send(t, sender, 1, 1)
					cancel()
				} else {
					cancel()
					send(t, sender, 1, 1)
				}
				if r := <-got; r.Err != nil {
					require.Equal(t, context.Canceled, r.Err)
					synctest.Wait()
					expect(t, receiver, 1, nil, "Recv says that it has received nothing: the value must still be there")
				} else {
					require.Equal(t, 1, r.Value)
					expect(t, receiver, nil, broadcast.ErrEmpty, "Recv has returned the only value")
				}
			}
		},
	},
	{
		Name:     "give-up-leaves-nothing",
		Rule:     "a Recv that was given up leaves no goroutine behind, and the next one is woken",
		Source:   "tokio: dropping the Recv future takes it out of the list of waiters",
		Hint:     "a goroutine that waits in your place waits on when you have gone",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			sender, receiver := subject(4)
			for range 100 {
				ctx, cancel := context.WithCancel(t.Context())
				got := recv(t, ctx, receiver)
				synctest.Wait()
				cancel()
				expectCame(t, wait(got), result{nil, context.Canceled}, "the context of a Recv that waits has ended. It")
			}
			got := recv(t, t.Context(), receiver)
			synctest.Wait()
			send(t, sender, 1, 1)
			synctest.Wait()
			expectCame(t, got, result{1, nil}, "100 Recvs were given up, one more waits, on another goroutine, and a value was sent. It")
		},
	},
}

// recv calls Recv on a goroutine of its own.
func recv(t lesson.T, ctx context.Context, r Receiver) <-chan result {
	got := make(chan result, 1)
	go func() {
		v, err := r.Recv(ctx)
		got <- result{v, err}
	}()
	return got
}

// wait returns got when something has come.
func wait(got <-chan result) <-chan result {
	again := make(chan result, 1)
	again <- <-got
	return again
}

// expectCame fails the case, with the sentence, if a Recv has not returned this by now.
func expectCame(t lesson.T, got <-chan result, want result, sentence string, args ...any) {
	t.Helper()
	select {
	case r := <-got:
		expectResult(t, want, r, sentence+" received something else", args...)
	default:
		require.Fail(t, "Recv has not returned", append([]any{sentence + " still waits"}, args...)...)
	}
}
