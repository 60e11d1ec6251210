package broadcast_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/broadcast"
)

// What the suite in broadcasttest leaves out: All, and what goes beyond tokio's channel.

func TestAll_rangesOverValuesAndGapsUntilTheEnd(t *testing.T) {
	sender, receiver := broadcast.New[int](2)
	for v := 1; v <= 5; v++ {
		sender.Send(v)
	}
	sender.Close()
	var got []int
	var missed uint64
	for v, err := range receiver.All(t.Context()) {
		if lagged, ok := errors.AsType[*broadcast.LaggedError](err); ok {
			missed += lagged.Missed
			continue
		}
		require.NoError(t, err)
		got = append(got, v)
	}
	require.Equal(t, []int{4, 5}, got)
	require.EqualValues(t, 3, missed)
}

func TestAll_goesOnWhereItWasLeft(t *testing.T) {
	sender, receiver := broadcast.New[int](4)
	for v := 1; v <= 3; v++ {
		sender.Send(v)
	}
	sender.Close()
	var got []int
	for range 3 {
		for v := range receiver.All(t.Context()) {
			got = append(got, v)
			break
		}
	}
	require.Equal(t, []int{1, 2, 3}, got)
}

func TestAll_endsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender, receiver := broadcast.New[int](4)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan []int, 1)
		go func() {
			var got []int
			for v := range receiver.All(ctx) {
				got = append(got, v)
			}
			ended <- got
		}()
		sender.Send(1)
		synctest.Wait()
		require.Empty(t, ended, "nothing has ended yet")
		cancel()
		require.Equal(t, []int{1}, <-ended)
		sender.Send(2)
		v, err := receiver.TryRecv()
		require.NoError(t, err)
		require.Equal(t, 2, v, "what was sent after the loop had ended")
	})
}

func TestReceiver_ofSeveralGoroutinesGivesEachValueToOne(t *testing.T) {
	sender, receiver := broadcast.New[int](1024)
	var mu sync.Mutex
	got := make(map[int]int)
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for v := range receiver.All(t.Context()) {
				mu.Lock()
				got[v]++
				mu.Unlock()
			}
		})
	}
	for v := range 1000 {
		sender.Send(v)
	}
	sender.Close()
	working.Wait()
	require.Len(t, got, 1000)
	for v, times := range got {
		require.Equal(t, 1, times, "how often value %d was received", v)
	}
}

// A client that leaves must not wake ten thousand others.
func TestReceiver_closedAfterItsRecvWasGivenUpWakesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender, stays := broadcast.New[int](4)
		leaves := sender.Subscribe()
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error)
		go func() {
			_, err := leaves.Recv(ctx)
			gaveUp <- err
		}()
		ready := stays.Ready()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-gaveUp, context.Canceled)
		leaves.Close()
		select {
		case <-ready:
			t.Error("one receiver has gone, in which nobody waited any more, and another one was woken")
		default:
		}
	})
}

func TestSend_wakesOnceAllWhoWait(t *testing.T) {
	sender, first := broadcast.New[int](4)
	second := sender.Subscribe()
	require.Equal(t, first.Ready(), second.Ready(), "all who wait, wait for the same channel")
	before := first.Ready()
	sender.Send(1)
	first.TryRecv()
	require.NotEqual(t, before, first.Ready(), "the next wait is for the next Send")
}

func TestSameChannel(t *testing.T) {
	sender, receiver := broadcast.New[int](4)
	otherSender, otherReceiver := broadcast.New[int](4)
	require.True(t, sender.SameChannel(sender.Clone()))
	require.False(t, sender.SameChannel(otherSender))
	require.True(t, receiver.SameChannel(sender.Subscribe()))
	require.True(t, receiver.SameChannel(receiver.Resubscribe()))
	require.False(t, receiver.SameChannel(otherReceiver))
}

func TestIsEmpty(t *testing.T) {
	sender, receiver := broadcast.New[int](1)
	require.True(t, receiver.IsEmpty())
	sender.Send(1)
	require.False(t, receiver.IsEmpty())
	receiver.TryRecv()
	require.True(t, receiver.IsEmpty())
}

func TestLaggedError_saysHowManyWereMissed(t *testing.T) {
	require.EqualError(t, &broadcast.LaggedError{Missed: 7}, "broadcast: the receiver was too slow and missed 7")
}

func TestPosition_isAPlaceInTheOrderOfAllSends(t *testing.T) {
	sender, receiver := broadcast.New[string](4)
	requirePosition := func(r *broadcast.Receiver[string], next, end uint64) {
		t.Helper()
		gotNext, gotEnd := r.Position()
		require.Equal(t, [2]uint64{next, end}, [2]uint64{gotNext, gotEnd})
		require.EqualValues(t, end-next, r.Len())
	}
	requirePosition(receiver, 0, 0)
	for range 6 {
		sender.Send("text")
	}
	requirePosition(receiver, 0, 6) // it was overtaken by two, and does not know yet
	later := sender.Subscribe()
	defer later.Close()
	requirePosition(later, 6, 6)

	_, err := receiver.TryRecv()
	require.Equal(t, &broadcast.LaggedError{Missed: 2}, err)
	requirePosition(receiver, 2, 6)
	_, err = receiver.TryRecv()
	require.NoError(t, err)
	requirePosition(receiver, 3, 6)
	receiver.Close()
	requirePosition(receiver, 6, 6) // closed, it has nothing left to see
}
