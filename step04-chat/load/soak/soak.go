package soak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A Soak says who comes, and for how long.
type Soak struct {
	// Dial opens a connection to the server. It is called by several goroutines.
	Dial func(ctx context.Context) (net.Conn, error)
	// Duration is how long clients come, in all Rounds together. Each round takes somewhat longer, until the last has left.
	Duration time.Duration
	Rounds   int
	// Clients is how many are there at the same time, besides the speaker and the listener.
	Clients int
	// Seed decides what each of them does.
	Seed uint64
	// Pid is the server's process, whose files and memory are looked at. 0, or a system that doesn't tell: they are not.
	Pid int
	// Patience is how long anything may take that should happen at once. 0 is 10 s.
	Patience time.Duration
	// Progress, if set, is called now and then with how many clients have come.
	Progress func(round, clients int)
}

const defaultPatience = 10 * time.Second

// Check says what is wrong with the soak: what Run would refuse it for.
func (s *Soak) Check() error {
	switch {
	case s.Duration <= 0 || s.Patience < 0:
		return errors.New("how long is the soak?")
	case s.Rounds < 1:
		return errors.New("a soak has at least one round")
	case s.Clients < 1:
		return errors.New("a soak needs at least one client at a time")
	}
	return nil
}

// Run soaks the server. When ctx ends it returns its error. What the server does wrong is no error: see [Result.Faults].
func Run(ctx context.Context, s Soak) (*Result, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	s.Patience = cmp.Or(s.Patience, defaultPatience)
	r := &run{Soak: s, result: Result{Came: make(map[Kind]int)}}
	before := r.look()
	for round := range s.Rounds {
		if err := r.round(ctx); err != nil {
			return nil, err
		}
		if s.Progress != nil {
			s.Progress(round+1, int(r.came.Load()))
		}
		r.lookForLeftovers(ctx, before)
	}
	r.compareMemory()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &r.result, nil
}

// A run is a soak on its way.
type run struct {
	Soak
	came  atomic.Int64 // the number of the last client
	pairs atomic.Int64 // and of the last speaker

	mu     sync.Mutex // guards result
	result Result
}

// round lets clients come for its share of the time. It returns when all of them have left.
func (r *run) round(ctx context.Context) error {
	w, err := r.newWitnesses(ctx)
	if err != nil {
		return err
	}
	until := time.Now().Add(r.Duration / time.Duration(r.Rounds))
	var clients sync.WaitGroup
	for range r.Clients {
		clients.Go(func() {
			for time.Now().Before(until) && ctx.Err() == nil {
				r.client(ctx, uint64(r.came.Add(1)), w.mark)
			}
		})
	}
	w.speakUntil(ctx, until)
	clients.Wait()
	w.end(ctx)
	w.leave()
	if ctx.Err() == nil {
		r.lastPair(ctx)
	}
	return ctx.Err()
}

// fault notes what the server has done wrong: of many alike, the first ones.
func (r *run) fault(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.FaultCount++
	if len(r.result.Faults) < mostFaults {
		r.result.Faults = append(r.result.Faults, fmt.Sprintf(format, args...))
	}
}

// mostFaults bounds what is told: a server that does everything wrong does it to every client.
const mostFaults = 10

// pause waits, but not longer than ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
