package party

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"example.com/async/step05-select/hub"
)

// Options say who comes, and for how long.
type Options struct {
	// Engine is goroutine or poll.
	Engine string
	// Duration is how long clients come, in all Rounds together. Each round takes somewhat longer, until the last has left.
	Duration time.Duration
	// Rounds is how many there are; 0 is one for each ten seconds, but two at least.
	Rounds int
	// Clients is how many are there at a time, besides those who stay.
	Clients int
	// Seed decides what each of them does.
	Seed uint64
	// Rate is how many lines a second each may say for long; 0 is no limit.
	Rate float64
	// Patience is how long anything may take that should happen at once. 0 is 10 s.
	Patience time.Duration
	// Drain is how long the server waits at its end for clients that don't read. 0 is 2 s, as it is for the command step05-select.
	Drain time.Duration
	// Progress, if set, is called after each round.
	Progress func(Round)
	// Wrap, if set, puts something around the listeners of the server: tests put faults there.
	Wrap func(h *hub.Hub, listener net.Listener) net.Listener
}

// Check says what is wrong with the options: what Run would refuse them for.
func (o *Options) Check() error {
	switch {
	case o.Duration <= 0:
		return errors.New("how long is the soak?")
	case o.Clients < 1:
		return errors.New("a soak needs at least one client at a time")
	case o.Rounds < 0 || o.Patience < 0:
		return errors.New("rounds and patience can't be negative")
	case o.Rate != 0 && o.Rate < leastRate:
		return fmt.Errorf("the rate must be 0, or at least %d: else those who talk as people do say too much", leastRate)
	case o.Engine != "goroutine" && o.Engine != "poll":
		return fmt.Errorf("there is no engine %q: it is goroutine or poll", o.Engine)
	}
	return nil
}

const (
	defaultPatience = 10 * time.Second
	defaultDrain    = 2 * time.Second
	longRound       = 10 * time.Second
	leastRate       = 20
)

// Run starts a server, soaks it, and stops it. The error says why the soak could not be made, or is that of ctx. What the server does
// wrong is no error: see [Result].
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	o.Patience = cmp.Or(o.Patience, defaultPatience)
	o.Drain = cmp.Or(o.Drain, defaultDrain)
	o.Rounds = cmp.Or(o.Rounds, max(2, int(o.Duration/longRound)))
	r := &run{Options: o, result: Result{Came: make(map[Kind]int)}, spy: new(spy)}
	r.names = &names{run: r, owners: make(map[string]uint32), keys: make(map[uint32]string)}
	r.whispers = &whispers{run: r, sent: make(map[tag]*whisper)}
	r.spy.truth.Store(newTruth(r))
	server, err := start(o, r.spy)
	if err != nil {
		return nil, err
	}
	r.server = server
	stopped := false
	defer func() {
		if !stopped {
			server.stop()
			server.wait(o.Patience)
		}
	}()
	if err := r.warmUp(ctx); err != nil {
		return nil, err
	}
	before := look()
	for range o.Rounds {
		if err := r.round(ctx); err != nil {
			return nil, err
		}
		r.leftovers(before)
		if o.Progress != nil {
			o.Progress(r.result.Rounds[len(r.result.Rounds)-1])
		}
	}
	r.compareMemory()
	stopped = true
	if err := r.farewell(ctx); err != nil {
		return nil, err
	}
	return r.finish(), ctx.Err()
}

// A run is a soak on its way.
type run struct {
	Options
	server   *server
	spy      *spy
	names    *names
	whispers *whispers

	came                   atomic.Uint32 // the number of the last client
	drawn                  atomic.Uint32 // how many clients have drawn what they do
	said, heard            atomic.Int64
	missed, refused, asked atomic.Int64
	slowest                atomic.Int64 // answer, in nanoseconds
	truth                  *truth       // of this round
	witnesses              []string     // names of those who stay for the round
	mu                     sync.Mutex   // guards the rest
	result                 Result
	diaries                []*diary // of this round
}

// fault notes what the server has done wrong: of many alike, the first ones.
func (r *run) fault(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.FaultCount++
	if len(r.result.Faults) < mostFaults {
		text := fmt.Sprintf(format, args...)
		if len(text) > longestFault {
			text = text[:longestFault] + "…"
		}
		r.result.Faults = append(r.result.Faults, text)
	}
}

// mostFaults bounds what is told: a server that does everything wrong does it to every client.
const (
	mostFaults   = 20
	longestFault = 500
)

func (r *run) count(k Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Came[k]++
}

// answered notes how long an answer took.
func (r *run) answered(took time.Duration) {
	r.asked.Add(1)
	for {
		slowest := r.slowest.Load()
		if int64(took) <= slowest || r.slowest.CompareAndSwap(slowest, int64(took)) {
			return
		}
	}
}

func (r *run) finish() *Result {
	r.result.Said, r.result.Heard, r.result.Missed = r.said.Load(), r.heard.Load(), r.missed.Load()
	r.result.Refused, r.result.Asked, r.result.Slowest = r.refused.Load(), r.asked.Load(), time.Duration(r.slowest.Load())
	return &r.result
}

// pause waits, but not longer than ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
