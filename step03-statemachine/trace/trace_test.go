package trace_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/trace"
)

func TestRecord_keepsTheNewestEventsInOrder(t *testing.T) {
	tr := trace.New(3)
	for id := trace.TaskID(1); id <= 5; id++ {
		tr.Record(trace.Event{Kind: trace.Spawned, Task: id})
	}
	var kept []trace.TaskID
	for _, e := range tr.Snapshot() {
		kept = append(kept, e.Task)
	}
	require.Equal(t, []trace.TaskID{3, 4, 5}, kept)
}

func TestRecord_fillsInTheTimeOfTheClock(t *testing.T) {
	tr := trace.New(8)
	now := time.Duration(0)
	tr.Clock = func() time.Duration { now += time.Millisecond; return now }
	tr.Record(trace.Event{Kind: trace.Spawned, Task: 1, At: time.Hour})
	tr.Record(trace.Event{Kind: trace.PollStart, Task: 1})
	events := tr.Snapshot()
	require.Equal(t, time.Millisecond, events[0].At)
	require.Equal(t, 2*time.Millisecond, events[1].At)
}

func TestRecord_tellsOnEventBeforeTheEventIsInTheRing(t *testing.T) {
	tr := trace.New(8)
	var seen []int
	tr.OnEvent = func(trace.Event) { seen = append(seen, len(tr.Snapshot())) }
	tr.Record(trace.Event{Kind: trace.Spawned, Task: 1})
	tr.Record(trace.Event{Kind: trace.PollStart, Task: 1})
	require.Equal(t, []int{0, 1}, seen)
}

func TestRecord_fromManyGoroutinesLosesNothingAndStaysInOrderOfTime(t *testing.T) {
	tr := trace.New(4000)
	var all sync.WaitGroup
	for id := range trace.TaskID(4) {
		all.Go(func() {
			for range 1000 {
				tr.Record(trace.Event{Kind: trace.Woken, Task: id})
			}
		})
	}
	all.Wait()
	events := tr.Snapshot()
	require.Len(t, events, 4000)
	for i := 1; i < len(events); i++ {
		require.GreaterOrEqual(t, events[i].At, events[i-1].At)
	}
}

func TestRecord_allocatesNothing(t *testing.T) {
	tr := trace.New(16)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		tr.Record(trace.Event{Kind: trace.Woken, Task: 7})
	}))
}
