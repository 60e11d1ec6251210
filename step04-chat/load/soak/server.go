package soak

import (
	"context"
	"fmt"
	"os"
	"time"

	"example.com/async/step02-http/load/process"
)

// A state is what can be seen of the server's process from outside.
type state struct {
	files  int   // open descriptors
	memory int64 // resident bytes
	known  bool
}

func (r *run) look() state {
	if r.Pid == 0 {
		return state{}
	}
	memory, ok := process.Resident(r.Pid)
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", r.Pid))
	return state{files: len(files), memory: memory, known: ok && err == nil}
}

// lookForLeftovers looks at the server when all clients have left. It may need a moment to notice.
func (r *run) lookForLeftovers(ctx context.Context, before state) {
	now := r.look()
	for until := time.Now().Add(r.Patience); now.files > before.files && time.Now().Before(until) && ctx.Err() == nil; now = r.look() {
		pause(ctx, 10*time.Millisecond)
	}
	round := Round{Clients: int(r.came.Load())}
	if now.known {
		round.Files, round.Memory, r.result.Looked = now.files-before.files, now.memory, true
	}
	r.result.Rounds = append(r.result.Rounds, round)
	if round.Files > 0 {
		r.fault("all clients have left, and after %v the server has %d more open files than before they came", r.Patience, round.Files)
	}
}

// mostGrowth is how much the memory may grow after the first round: a garbage collector's waves are no leak.
const mostGrowth = 16 << 20

func (r *run) compareMemory() {
	rounds := r.result.Rounds
	if !r.result.Looked {
		return
	}
	if grown := rounds[len(rounds)-1].Memory - rounds[0].Memory; grown > mostGrowth {
		r.fault("the server's memory has grown by %.1f MiB since the first round", mib(grown))
	}
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }
