package server

import (
	"runtime"
	"sync"
	"time"
)

// work computes what takes d on a core that does nothing else. That is an amount, and no time: who is interrupted
// needs longer, and shall.
func work(d time.Duration) (hash uint32) {
	for range d / time.Millisecond {
		hash ^= spin(perMillisecond())
	}
	return hash
}

// spin is a hash (FNV-1a) of so many numbers. It calls nothing, so the only way to interrupt it is from outside.
func spin(rounds int) uint32 {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := range rounds {
		h = (h ^ uint32(i)) * prime
	}
	return h
}

// perMillisecond returns how many rounds of spin take a millisecond here. The fastest of some trials
// counts: in the others, somebody else had the core.
var perMillisecond = sync.OnceValue(func() int {
	const rounds, trials = 1 << 18, 50
	best := time.Hour
	var hash uint32
	for range trials {
		began := time.Now()
		hash ^= spin(rounds)
		best = min(best, time.Since(began))
	}
	runtime.KeepAlive(hash) // else the compiler could leave the trials out
	return int(rounds * time.Millisecond / max(best, 1))
})
