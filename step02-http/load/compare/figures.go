package compare

import (
	"slices"
	"time"
)

// figures are what is measured of one server under one load. 0 is unknown.
type figures struct {
	perSecond float64 // requests
	cpu       float64 // processor time of the server for each request, in nanoseconds
	busy      float64 // how much of the time the server used a core, 0 to 1
	p50, p99  time.Duration
	memory    float64 // bytes for each idle connection
}

type key struct{ load, server string }

// A row is what is told of one server under one load.
type row struct {
	key
	figures
	ours bool
	// ratio is how many times less the server costs than NetHTTP: in memory
	// for idle connections, else in processor time. 0 is unknown.
	ratio float64
}

// tabulate makes the rows of all samples, load by load, in the order of loads and servers.
func tabulate(servers []Server, samples map[key][]figures) []row {
	var rows []row
	for _, l := range loads {
		base := medians(samples[key{l.name, NetHTTP.Name}])
		for _, s := range servers {
			f := medians(samples[key{l.name, s.Name}])
			rows = append(rows, row{key{l.name, s.Name}, f, s.Ours, f.cheaper(base)})
		}
	}
	return rows
}

func (f figures) cheaper(than figures) float64 {
	switch {
	case f.cpu > 0:
		return than.cpu / f.cpu
	case f.memory > 0:
		return than.memory / f.memory
	}
	return 0
}

// medians returns the median of each figure by itself.
func medians(rounds []figures) figures {
	return figures{
		perSecond: median(rounds, func(f figures) float64 { return f.perSecond }),
		cpu:       median(rounds, func(f figures) float64 { return f.cpu }),
		busy:      median(rounds, func(f figures) float64 { return f.busy }),
		p50:       median(rounds, func(f figures) time.Duration { return f.p50 }),
		p99:       median(rounds, func(f figures) time.Duration { return f.p99 }),
		memory:    median(rounds, func(f figures) float64 { return f.memory }),
	}
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

// byLoad calls each with the rows of one load after the other.
func byLoad(rows []row, each func(load string, rows []row)) {
	for len(rows) > 0 {
		n := slices.IndexFunc(rows, func(r row) bool { return r.load != rows[0].load })
		if n < 0 {
			n = len(rows)
		}
		each(rows[0].load, rows[:n])
		rows = rows[n:]
	}
}
