package compare

import (
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"example.com/async/step02-http/load/process"
)

// figures are what is measured of one server under one load. 0 is unknown, except of lost and growth.
type figures struct {
	perSecond float64       // deliveries: one message at one receiver each
	cpu       float64       // processor time of the server for each delivery, in nanoseconds
	busy      float64       // how much of the time the server used a core, 0 to 1
	p50, p99  time.Duration // to each receiver
	last      time.Duration // to the last one, p99
	lastP50   time.Duration // and p50
	clients   float64
	seated    time.Duration // until all clients were in the room
	lost      float64       // deliveries
	growth    float64       // of the server's memory, in bytes
	frozen    bool          // nothing arrived any more
	memory    float64       // bytes for each idle client
}

type key struct{ load, server string }

// A row is what is told of one server under one load.
type row struct {
	key
	kind kind
	figures
	// ratio is how many times more deliveries there were in a second than with the article's server, or
	// for idle clients how many times less memory. 0 is unknown.
	ratio float64
}

// tabulate makes the rows of all samples, load by load, in the order of loads and servers.
func tabulate(servers []process.Program, samples map[key][]figures) []row {
	var rows []row
	for _, l := range loads {
		base := medians(samples[key{l.name, Naive.Name}])
		for _, s := range servers {
			f := medians(samples[key{l.name, s.Name}])
			rows = append(rows, row{key{l.name, s.Name}, l.kind, f, f.better(base)})
		}
	}
	return rows
}

func (f figures) better(than figures) float64 {
	switch {
	case than.perSecond > 0:
		return f.perSecond / than.perSecond
	case f.memory > 0:
		return than.memory / f.memory
	}
	return 0
}

// medians returns the median of each figure by itself; of what was lost the most, and frozen if it ever was.
func medians(rounds []figures) figures {
	f := figures{
		perSecond: median(rounds, func(f figures) float64 { return f.perSecond }),
		cpu:       median(rounds, func(f figures) float64 { return f.cpu }),
		busy:      median(rounds, func(f figures) float64 { return f.busy }),
		p50:       median(rounds, func(f figures) time.Duration { return f.p50 }),
		p99:       median(rounds, func(f figures) time.Duration { return f.p99 }),
		last:      median(rounds, func(f figures) time.Duration { return f.last }),
		lastP50:   median(rounds, func(f figures) time.Duration { return f.lastP50 }),
		clients:   median(rounds, func(f figures) float64 { return f.clients }),
		seated:    median(rounds, func(f figures) time.Duration { return f.seated }),
		growth:    median(rounds, func(f figures) float64 { return f.growth }),
		memory:    median(rounds, func(f figures) float64 { return f.memory }),
	}
	for _, r := range rounds {
		f.lost = max(f.lost, r.lost)
		f.frozen = f.frozen || r.frozen
	}
	return f
}

// median returns the middle one, or the lower of the two in the middle; 0 of none.
func median[T float64 | time.Duration](rounds []figures, of func(figures) T) T {
	if len(rounds) == 0 {
		return 0
	}
	var all []T
	for _, f := range rounds {
		all = append(all, of(f))
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

func quantile(h *hdrhistogram.Histogram, q float64) time.Duration {
	if h.TotalCount() == 0 {
		return 0
	}
	return time.Duration(h.ValueAtQuantile(q)) * time.Microsecond
}
