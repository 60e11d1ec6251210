package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// However slow the machine is: nobody has a turn while one Poll computes.
func TestInOnePoll_holdsTheOthers(t *testing.T) {
	slices := 20_000
	j := &job{more: func() bool { slices--; return slices >= 0 }}
	ways[0].run(j)
	turns, longest := j.report()
	require.Zero(t, turns)
	require.Positive(t, longest, "they had their turns afterwards, and too late")
}

// In the other ways the job goes on until the others have had their turns, and so it ends.
func TestOtherWays_letTheOthersHaveTheirTurns(t *testing.T) {
	const enough = 3 * neighbours
	for _, way := range ways[1:] {
		t.Run(way.name, func(t *testing.T) {
			limit := time.Now().Add(time.Minute)
			j := new(job)
			j.more = func() bool { return j.turns < enough && time.Now().Before(limit) }
			way.run(j)
			turns, _ := j.report()
			require.GreaterOrEqual(t, turns, enough)
		})
	}
}

func TestCompare_printsARowForEachWay(t *testing.T) {
	var out strings.Builder
	compare(&out, 1, time.Millisecond)
	for _, way := range ways {
		require.Contains(t, out.String(), "\n"+way.name)
	}
}
