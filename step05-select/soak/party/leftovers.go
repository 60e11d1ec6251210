package party

import (
	"os"
	"runtime"
	"runtime/metrics"

	"example.com/async/step05-select/hub"
)

// A state is what can be seen of this process, which is the server's, too.
type state struct {
	goroutines int
	files      int
}

func look() (s state) {
	s.goroutines = runtime.NumGoroutine()
	files, _ := os.ReadDir("/dev/fd") // where the system doesn't tell, there are none before and after
	s.files = len(files)
	return s
}

// live is the memory that is in use after a collection: the heap's objects, and stacks. Twice, because the first one only moves
// what is in a sync.Pool.
func live() int64 {
	runtime.GC()
	runtime.GC()
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() + samples[1].Value.Uint64())
}

// leftovers looks at the server when all clients have left. It may need a moment to notice.
func (r *run) leftovers(before state) {
	var now state
	r.soon(func() bool {
		now = look()
		return now.goroutines <= before.goroutines && now.files <= before.files
	})
	round := Round{
		Number: len(r.result.Rounds) + 1, Clients: int(r.came.Load()),
		Goroutines: now.goroutines - before.goroutines, Files: now.files - before.files, Memory: live(),
	}
	r.result.Rounds = append(r.result.Rounds, round)
	if round.Goroutines > 0 {
		r.fault("all clients have left, and after %v there are %d more goroutines than before they came", r.Patience, round.Goroutines)
	}
	if round.Files > 0 {
		r.fault("all clients have left, and after %v there are %d more open files than before they came", r.Patience, round.Files)
	}
	if rooms := r.server.hub.Stats().Rooms.Load(); rooms != 0 {
		r.fault("all clients have left, and there are still %d rooms", rooms)
	}
	r.begin() // for those who come now
	for _, name := range pool[:3] {
		m := r.server.hub.Enter(hub.Entry{Name: name})
		if m.Name() != name {
			r.fault("all clients have left, and the name %s is still taken", name)
		}
		m.Leave()
	}
}

// mostGrowth is how much the memory may grow after the first round: nothing is left but what pools hold.
const mostGrowth = 4 << 20

func (r *run) compareMemory() {
	rounds := r.result.Rounds
	if grown := rounds[len(rounds)-1].Memory - rounds[0].Memory; grown > mostGrowth {
		r.fault("the memory that is in use has grown by %.1f MiB since the end of the first round", mib(grown))
	}
}
