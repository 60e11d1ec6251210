package measure

import (
	"slices"
	"time"

	"example.com/async/step05-select/designs/server"
)

// figures are what is measured of one design under one load. 0 is unknown, except of lost.
type figures struct {
	perSecond     float64       // deliveries: one message at one receiver each
	cpu           float64       // processor time of the server for each delivery, in nanoseconds
	p50, p99, max time.Duration // from a sender to each receiver
	lost          int64         // deliveries
	memory        float64       // bytes for each idle client
	threads       int           // of the process, while they are there
	answer        time.Duration // until work was done
	pauses        server.Stats
}

type key struct{ load, design string }

// summary returns the median of each figure by itself; of what was lost, the most. The longest times, too, are the
// median of the rounds' longest: one round in which somebody else had the machine for a moment shall not be all that is told.
func summary(rounds []figures) figures {
	if len(rounds) == 0 {
		return figures{}
	}
	f := figures{
		perSecond: median(rounds, func(f figures) float64 { return f.perSecond }),
		cpu:       median(rounds, func(f figures) float64 { return f.cpu }),
		p50:       median(rounds, func(f figures) time.Duration { return f.p50 }),
		p99:       median(rounds, func(f figures) time.Duration { return f.p99 }),
		max:       median(rounds, func(f figures) time.Duration { return f.max }),
		memory:    median(rounds, func(f figures) float64 { return f.memory }),
		threads:   median(rounds, func(f figures) int { return f.threads }),
		answer:    median(rounds, func(f figures) time.Duration { return f.answer }),
		pauses: server.Stats{
			GC:   pauses(rounds, func(f figures) server.Pauses { return f.pauses.GC }),
			Loop: pauses(rounds, func(f figures) server.Pauses { return f.pauses.Loop }),
		},
	}
	for _, r := range rounds {
		f.lost = max(f.lost, r.lost)
	}
	return f
}

func pauses(rounds []figures, of func(figures) server.Pauses) server.Pauses {
	return server.Pauses{
		Count: median(rounds, func(f figures) int { return of(f).Count }),
		P99:   median(rounds, func(f figures) float64 { return of(f).P99 }),
		Max:   median(rounds, func(f figures) float64 { return of(f).Max }),
		Share: median(rounds, func(f figures) float64 { return of(f).Share }),
	}
}

// median returns the middle one, or the lower of the two in the middle.
func median[T int | float64 | time.Duration](rounds []figures, of func(figures) T) T {
	var all []T
	for _, f := range rounds {
		all = append(all, of(f))
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}
