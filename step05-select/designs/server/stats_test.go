package server

import (
	"math"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPausesSince_countsOnlyWhatIsNew(t *testing.T) {
	now := &metrics.Float64Histogram{
		Counts:  []uint64{5, 99, 1, 0},
		Buckets: []float64{math.Inf(-1), 0.001, 0.002, 0.004, math.Inf(1)},
	}
	assert.Equal(t, Pauses{Count: 100, P99: 2, Max: 4}, pausesSince([]uint64{5, 0, 0, 0}, now))
	assert.Equal(t, Pauses{Count: 1, P99: 4, Max: 4}, pausesSince([]uint64{5, 99, 0, 0}, now))
	assert.Equal(t, Pauses{}, pausesSince([]uint64{5, 99, 1, 0}, now))
	now.Counts[3] = 1
	assert.Equal(t, Pauses{Count: 1, P99: 4, Max: 4}, pausesSince([]uint64{5, 99, 1, 0}, now), "the last bucket has no upper bound")
}

func TestObserver_seesACollection(t *testing.T) {
	o := newObserver()
	runtime.GC()
	first := o.stats()
	assert.Positive(t, first.GC.Count)
	assert.Positive(t, first.GC.Max)
	assert.GreaterOrEqual(t, first.GC.Max, first.GC.P99)
}

// What is worked is an amount: four times as much takes about four times as long. A busy machine can make the one longer,
// and the other; so the fastest of some counts, and on a very busy one of some more.
func TestWork_takesTheTimeThatWasAskedFor(t *testing.T) {
	took := func(d time.Duration) time.Duration {
		began := time.Now()
		work(d)
		return time.Since(began)
	}
	const fewest, most = 20, 500
	short, long, ratio := time.Hour, time.Hour, 0.0
	for n := 1; n <= most && (n <= fewest || math.Abs(ratio-4) > 2); n++ {
		short, long = min(short, took(2*time.Millisecond)), min(long, took(8*time.Millisecond))
		ratio = float64(long) / float64(short)
	}
	assert.InDelta(t, 4, ratio, 2)
	assert.Equal(t, work(3*time.Millisecond), work(3*time.Millisecond), "the same work has the same result")
}

func TestAsRequest_takesOnlyWhatIsOne(t *testing.T) {
	for line, want := range map[string]request{"/stats": {stats: true}, "/work 1": {work: time.Millisecond}, "/work 1000": {work: MaxWork}} {
		got, ok := asRequest([]byte(line))
		assert.True(t, ok, line)
		assert.Equal(t, want, got, line)
	}
	for _, line := range []string{"", "hello", "/", "/work", "/work ", "/work 0", "/work -5", "/work 1001", "/work 5 ", "/stats 1", " /stats", "/worK 5"} {
		_, ok := asRequest([]byte(line))
		assert.False(t, ok, line)
	}
}
