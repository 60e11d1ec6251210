package generator

import (
	"context"
	"sync"
	"time"
)

// mostDialing is how many connections are opened at the same time. More could
// overflow the server's backlog, and the kernel tries again only after a second.
const mostDialing = 100

// A Run is a load that is being sent. Its methods are safe for use by several
// goroutines.
type Run struct {
	load     Load
	ctx      context.Context
	stop     context.CancelFunc
	schedule *schedule
	dialing  chan struct{} // one for each connection that is being opened
	workers  sync.WaitGroup

	mu     sync.Mutex
	since  time.Time
	result *Result
}

// Start begins to send a load, until it is sent, [Run.Stop] is called or ctx ends.
// The caller must call [Run.Wait]. The error says what is wrong with the load.
func Start(ctx context.Context, load Load) (*Run, error) {
	load, err := load.withDefaults()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	r := &Run{load: load, schedule: newSchedule(load, now), dialing: make(chan struct{}, mostDialing), since: now, result: newResult(load)}
	r.ctx, r.stop = context.WithCancel(ctx)
	conns := load.Conns
	if load.Count > 0 {
		conns = min(conns, load.Count)
	}
	for range conns {
		r.workers.Go(func() { newWorker(r).work() })
	}
	return r, nil
}

// Stop ends the run at once. Requests that are under way are not counted.
func (r *Run) Stop() { r.stop() }

// Wait waits for the end of the run, and returns what it has found out since its
// start or the last Reset.
func (r *Run) Wait() *Result {
	r.workers.Wait()
	r.stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.result.Elapsed == 0 {
		r.result.Elapsed = time.Since(r.since)
	}
	r.result.Skipped = r.schedule.skipped.Load()
	return r.result
}

// Reset forgets what has been found out, so that a server can be measured when it
// is warm. A load with a Count can't be reset in a way that makes sense.
func (r *Run) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.since, r.result = time.Now(), newResult(r.load)
}

// A Snapshot is how far a run has come, since its start or the last Reset.
type Snapshot struct {
	Elapsed  time.Duration
	Answered int64
	Failed   int64
}

// Snapshot tells how far the run has come.
func (r *Run) Snapshot() Snapshot {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Snapshot{time.Since(r.since), r.result.Answered(), r.result.Failed()}
}

// record adds what became of some requests.
func (r *Run) record(outcomes []outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range outcomes {
		r.result.add(&outcomes[i])
	}
}

func (r *Run) recordConn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Opened++
}

func (r *Run) recordRepeated(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Repeated += int64(n)
}
