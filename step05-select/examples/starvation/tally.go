package main

import "fmt"

// services is how many are served in all: the flood would go on for ever.
const services = 10_000

// A tally counts who is served.
type tally struct {
	flood, quiet   int
	since, longest int // how many of the flood were served since quiet was, and at most
}

func (t *tally) more() bool { return t.flood+t.quiet < services }

func (t *tally) servedFlood() {
	t.flood++
	t.since++
	t.longest = max(t.longest, t.since)
}

func (t *tally) servedQuiet() {
	t.quiet++
	t.since = 0
}

// report says how often quiet was served, and how many of the flood it had to let pass at most. Where luck decides
// it is rough, so that it is the same every time.
func (t *tally) report(luck bool) string {
	share := float64(t.quiet) * 100 / float64(t.flood+t.quiet)
	if luck && share > 45 && share < 55 && t.longest < 60 {
		return fmt.Sprintf("%-16s %s", "45 to 55 %", "luck: fewer than 60 here")
	}
	return fmt.Sprintf("%-16s %d", fmt.Sprintf("%.1f %%", share), t.longest)
}
