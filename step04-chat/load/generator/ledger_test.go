package generator

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each message that comes late cuts the gap that it was missing from in two. A server that sends every
// second one first would otherwise make the list longer without end.
func TestLedger_remembersABoundedNumberOfGaps(t *testing.T) {
	b := newLedger(Load{Clients: 2, Senders: 1})
	r := &b.receivers[1]
	const sent = 10 * maxGaps
	b.lose(r, 0, 0, sent)
	for number := uint64(1); number < sent; number += 2 {
		b.again(r, 0, number)
		require.LessOrEqual(t, len(r.gaps), maxGaps)
	}
	require.NotZero(t, b.result.Late, "what was missing and came counts as late")
}

func TestLedger_forgetsAGapThatHasClosed(t *testing.T) {
	b := newLedger(Load{Clients: 2, Senders: 1})
	r := &b.receivers[1]
	b.lose(r, 0, 3, 5)
	b.again(r, 0, 3)
	b.again(r, 0, 4)
	require.Empty(t, r.gaps)
	require.Zero(t, b.result.Lost, "nothing is missing any more")
}

// sends has a sender send so many messages.
func (b *ledger) sends(sender, count int) {
	for range count {
		b.send(sender, 0)
	}
}

// gets has a receiver get a sender's messages from <= n < to.
func (b *ledger) gets(client, sender int, from, to uint64) {
	for n := from; n < to; n++ {
		b.receive(client, sender, n, 0)
	}
}

func TestLedger_keepsWhatIsInFlightWhenThereIsMuchOfIt(t *testing.T) {
	b := newLedger(Load{Clients: 2, Senders: 1})
	b.sends(0, 60)
	b.gets(1, 0, 0, 50) // so that the oldest is not the first of its ring
	b.sends(0, 1000)
	require.Equal(t, 1010, b.flying)
	b.gets(1, 0, 50, 1060)
	require.Zero(t, b.flying)
	require.EqualValues(t, 1060, b.result.Delivered)
	require.EqualValues(t, 1060, b.result.Last.TotalCount())
}

func TestLedger_needsNoMoreMemoryWhenItGoesOn(t *testing.T) {
	b := newLedger(Load{Clients: 2, Senders: 1})
	for n := range uint64(10_000) {
		b.sends(0, 1)
		b.gets(1, 0, n, n+1)
	}
	require.Len(t, b.senders[0].flights, 64)
}

func TestLedger_expectsNothingOfWhoIsGone(t *testing.T) {
	b := newLedger(Load{Clients: 3, Senders: 1})
	b.sends(0, 5)
	b.leave(1, io.EOF)
	require.EqualValues(t, 5, b.result.Lost, "what it had not got")
	b.sends(0, 5)
	b.writeOff()
	require.EqualValues(t, 5+10, b.result.Lost, "the other one's")
	require.Zero(t, b.flying)
	b.leave(2, io.EOF)
	b.sends(0, 5)
	require.Zero(t, b.flying, "there is nobody who could get it")
}

// What could not be sent may have been written off before that was known.
func TestLedger_takesBackWhatWasWrittenOff(t *testing.T) {
	b := newLedger(Load{Clients: 3, Senders: 2})
	b.sends(0, 10)
	b.gets(1, 0, 0, 4)
	b.writeOff()
	require.EqualValues(t, 6+10, b.result.Lost)
	b.takeBack(0, 8)
	require.EqualValues(t, 8, b.result.Sent)
	require.EqualValues(t, 4+8, b.result.Lost)
	require.EqualValues(t, 4, b.receivers[1].lost)
	require.EqualValues(t, 8, b.receivers[2].lost)
	require.Zero(t, b.flying)
	require.LessOrEqual(t, b.senders[0].oldest, b.senders[0].next)
	b.receive(2, 0, 7, 0)
	require.EqualValues(t, 1, b.result.Late, "it was sent, and comes nevertheless")
	b.receive(2, 0, 8, 0)
	require.EqualValues(t, 1, b.result.Garbled, "it was not")
}
