package chat

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A Pace keeps those who talk from being faster than those who listen. Who talks can read and send a hundred
// lines before the goroutines that the first line has woken run at all, and then the ring has gone round. So
// now and then a talker looks whether somebody has fallen behind, and lets the others run.
//
// It waits for goroutines, never for a client: see [Follower].
//
// The zero value is ready. All methods are safe for use by several goroutines.
type Pace struct {
	said    atomic.Uint64
	lagging atomic.Bool // what the last look has found
	looking sync.Mutex  // held by the talker that waits

	mu        sync.Mutex // guards followers
	followers map[Follower]struct{}
}

// A Follower receives what others send.
type Follower interface {
	// Lagging reports whether it is behind, and would take what it is behind if its goroutine
	// ran. One that is in the middle of a Write, or at its end, does not count: when that lasts, because its client
	// does not read, it misses messages.
	Lagging() bool
}

// Enter adds a follower, which is comparable. The caller calls Leave.
func (p *Pace) Enter(f Follower) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.followers == nil {
		p.followers = make(map[Follower]struct{})
	}
	p.followers[f] = struct{}{}
}

// Leave takes it out.
func (p *Pace) Leave(f Follower) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.followers, f)
}

// Looking costs a little for each follower, so it is done once in so many messages: often enough
// for the default capacity.
const lookEvery = 16

// Due is asked before each message. It reports whether whoever talks should first let the others run, because one of them is
// lagging.
func (p *Pace) Due() bool {
	if !p.lagging.Load() && p.said.Add(1)%lookEvery != 0 {
		return false
	}
	return p.look()
}

// Wait waits until nobody is lagging. It is for a goroutine on which no follower depends: else two could wait for
// each other.
func (p *Pace) Wait() {
	// One at a time: if a thousand talkers look, again and again, they keep those from running for whom they wait.
	p.looking.Lock()
	defer p.looking.Unlock()
	for p.Due() {
		runtime.Gosched()
	}
}

// look reports whether one of the followers is lagging.
func (p *Pace) look() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	lagging := false
	for f := range p.followers {
		if f.Lagging() {
			lagging = true
			break
		}
	}
	p.lagging.Store(lagging)
	return lagging
}
