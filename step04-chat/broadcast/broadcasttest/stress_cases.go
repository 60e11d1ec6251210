package broadcasttest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

var errOrder = errors.New("a value came out of order")

// Everything at the same time.
var stressCases = []lesson.Case[Subject]{
	{
		Name:   "stress-conservation",
		Rule:   "what a receiver received and what it was told to have missed is together what was sent",
		Source: "tokio's loom_broadcast tests",
		Hint:   "position, ring and counts change together, under one lock",
		Check: func(t lesson.T, subject Subject) {
			for _, capacity := range []int{1, 2, 16, 1024} {
				const senders, receivers, each = 4, 4, 500
				sender, first := subject(capacity)
				all := []Receiver{first}
				for len(all) < receivers {
					all = append(all, sender.Subscribe())
				}
				outcomes := make(chan outcome, receivers)
				for _, r := range all {
					go func() { outcomes <- drain(t, r) }()
				}
				var sending sync.WaitGroup
				for s := range senders {
					clone := sender.Clone()
					sending.Go(func() {
						defer clone.Close()
						for i := range each {
							clone.Send(numbered{s, i})
							if i%4 == 0 {
								runtime.Gosched() // let some receivers keep up, and others not
							}
						}
					})
				}
				sender.Close()
				sending.Wait()
				var complete []numbered
				for range receivers {
					o := <-outcomes
					require.NoError(t, o.err, "capacity %d, 4 senders, 4 receivers", capacity)
					require.EqualValues(t, senders*each, len(o.received)+int(o.missed),
						"capacity %d, 4 senders, 4 receivers: %d received and %d missed, of %d sent", capacity, len(o.received), o.missed, senders*each)
					if o.missed > 0 {
						continue
					}
					if complete == nil {
						complete = o.received
					}
					require.True(t, slices.Equal(complete, o.received), "capacity %d: two receivers have seen all values, in two different orders", capacity)
				}
			}
		},
	},
	{
		Name:   "stress-come-and-go",
		Rule:   "receivers come and go while others send and receive, and those who stay miss nothing",
		Source: "tokio's loom drop_multiple_rx_with_overflow",
		Hint:   "Subscribe and Close change what a Send counts: under the lock",
		Check: func(t lesson.T, subject Subject) {
			sender, stays := subject(512)
			outcomes := make(chan outcome, 1)
			go func() { outcomes <- drain(t, stays) }()
			random := rand.New(rand.NewPCG(1, 0))
			for round := range 100 {
				var visiting sync.WaitGroup
				for visitor := range 3 {
					looks := random.IntN(4)
					visiting.Go(func() {
						r := sender.Subscribe()
						sender.Send(numbered{visitor, round})
						for range looks {
							r.TryRecv()
						}
						r.Close()
					})
				}
				visiting.Wait()
				require.Equal(t, 1, sender.Receivers(), "round %d: how many receivers, when three have come and gone and one stays", round)
			}
			sender.Close()
			o := <-outcomes
			require.NoError(t, o.err)
			require.Zero(t, o.missed, "the ring was large enough for all")
			require.Len(t, o.received, 300, "what the receiver that stays has received of 3 times 100")
		},
	},
}

// A numbered is value number n of a sender.
type numbered struct{ sender, n int }

// An outcome is what one receiver has seen from beginning to end.
type outcome struct {
	received []numbered
	missed   uint64
	err      error // not nil if something was wrong with it
}

// drain receives until the end.
func drain(t lesson.T, r Receiver) (o outcome) {
	next := make(map[int]int)
	for {
		v, err := r.Recv(t.Context())
		lagged, isLagged := errors.AsType[*broadcast.LaggedError](err)
		switch {
		case err == broadcast.ErrClosed:
			return o
		case isLagged && lagged.Missed > 0:
			o.missed += lagged.Missed
		case err != nil:
			o.err = err
			return o
		default:
			got := v.(numbered)
			if got.n < next[got.sender] {
				o.err = fmt.Errorf("sender %d: number %d came after number %d: %w", got.sender, got.n, next[got.sender]-1, errOrder)
				return o
			}
			next[got.sender] = got.n + 1
			o.received = append(o.received, got)
		}
	}
}
