package main

import (
	"crypto/sha256"
	"sync"
	"time"
)

// A job is what is to be computed, slice by slice, and a note of what happens to the
// others meanwhile. The methods may be called from any goroutine; compute only by one at a time.
type job struct {
	more func() bool // whether another slice is to be computed

	mu      sync.Mutex
	begun   time.Time // zero before
	ended   bool
	turns   int           // that the others had while it was computed
	longest time.Duration // that one of them has waited for a turn that was due since then
}

// compute computes the next slice, about 1 µs, and reports whether there was one. The job
// begins with the first call, and ends with the one that reports false.
func (j *job) compute() bool {
	j.mu.Lock()
	if j.begun.IsZero() {
		j.begun = time.Now()
	}
	if !j.more() {
		j.ended = true
		j.mu.Unlock()
		return false
	}
	j.mu.Unlock()
	computeSlice()
	return true
}

func computeSlice() {
	var sum [sha256.Size]byte
	for range 10 {
		sum = sha256.Sum256(sum[:])
	}
}

// slicesIn returns how many slices take so long if nobody disturbs: measured by the fastest of
// several batches.
func slicesIn(length time.Duration) (slices int) {
	const batches, batch = 50, 100
	fastest := time.Duration(1<<63 - 1)
	forever := &job{more: func() bool { return true }}
	for range batches {
		begun := time.Now()
		for range batch {
			forever.compute()
		}
		fastest = min(fastest, time.Since(begun))
	}
	return int(batch * length / max(fastest, 1))
}

// turn notes that one of the others has its turn, which was due at that time. It
// reports whether this was its last.
func (j *job) turn(due time.Time) (last bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.begun.IsZero() {
		return false
	}
	if !j.ended {
		j.turns++
	}
	if due.After(j.begun) {
		j.longest = max(j.longest, time.Since(due))
	}
	return j.ended
}

func (j *job) report() (turns int, longest time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.turns, j.longest
}
