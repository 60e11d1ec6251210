package server

import (
	"math"
	"runtime/metrics"
	"sync"
	"time"
)

// Stats is what a server tells of its own pauses, since it was last asked.
type Stats struct {
	GC Pauses `json:"gc"`
	// Loop is how late the event loop was, of designs that have one and can tell: only Node.js can.
	Loop Pauses `json:"loop"`
}

// Pauses are times in which the whole program stood still for one reason. All is 0 if there were none.
type Pauses struct {
	Count int     `json:"count"`
	P99   float64 `json:"p99"` // ms
	Max   float64 `json:"max"` // ms
	// Share is how much processor time the reason took, as a share of the time that passed. For
	// the garbage collector of Go it is more than the pauses: most of its work is done while the program runs.
	Share float64 `json:"share"`
}

// The metrics of package runtime/metrics that are read, in this order.
const (
	gcPauses    = iota // from the moment the world is asked to stop until it goes on
	gcAssists          // work that goroutines do for the collector when they allocate
	gcDedicated        // work of the collector's own goroutines
	gcPaused           // the pauses, as processor time
	gcMetrics
)

// An observer reads what the runtime has counted since the beginning, and tells the difference.
type observer struct {
	mu      sync.Mutex
	since   time.Time
	samples [gcMetrics]metrics.Sample
	counts  []uint64 // of the pauses, as they were
	spent   float64  // s of processor time, as they were
}

func newObserver() *observer {
	o := &observer{samples: [gcMetrics]metrics.Sample{
		gcPauses:    {Name: "/sched/pauses/total/gc:seconds"},
		gcAssists:   {Name: "/cpu/classes/gc/mark/assist:cpu-seconds"},
		gcDedicated: {Name: "/cpu/classes/gc/mark/dedicated:cpu-seconds"},
		gcPaused:    {Name: "/cpu/classes/gc/pause:cpu-seconds"},
	}}
	o.stats()
	return o
}

// stats returns what has happened since the last call.
func (o *observer) stats() Stats {
	o.mu.Lock()
	defer o.mu.Unlock()
	metrics.Read(o.samples[:])
	pauses := o.samples[gcPauses].Value.Float64Histogram()
	spent := 0.
	for _, s := range o.samples[gcAssists:] {
		spent += s.Value.Float64()
	}
	gc := pausesSince(o.counts, pauses)
	gc.Share = (spent - o.spent) / time.Since(o.since).Seconds()
	if o.since.IsZero() {
		gc.Share = 0
	}
	o.since, o.spent = time.Now(), spent
	o.counts = append(o.counts[:0], pauses.Counts...)
	return Stats{GC: gc}
}

// pausesSince makes Pauses of what a histogram has more than the counts before. A figure is the upper
// bound of its bucket, up to a quarter too much.
func pausesSince(before []uint64, now *metrics.Float64Histogram) (p Pauses) {
	more := make([]uint64, len(now.Counts))
	for i, n := range now.Counts {
		more[i] = n
		if before != nil {
			more[i] -= before[i]
		}
		p.Count += int(more[i])
	}
	seen := 0
	for i, n := range more {
		if n == 0 {
			continue
		}
		upper := now.Buckets[i+1]
		if math.IsInf(upper, 1) {
			upper = now.Buckets[i]
		}
		if p.P99 == 0 && 100*(seen+int(n)) >= 99*p.Count {
			p.P99 = 1000 * upper
		}
		seen += int(n)
		p.Max = 1000 * upper
	}
	return p
}
