package generator

import (
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
