package generator

import (
	"context"
	"net"
	"sync"
	"time"
)

// A Run is a load in its room. Make one with [Join]. Its methods are safe for use by several goroutines.
type Run struct {
	load    Load
	ctx     context.Context
	wire    wire
	books   *ledger
	clients []*client
	stalled []net.Conn // see Stall
	taken   int        // messages that senders have taken; under the ledger's lock, as leaving
	leaving bool

	// Seated is how long it took until each client was seen to be in the room.
	Seated time.Duration

	watched  chan bool // gets what watch returns
	stopping sync.Once
	stopped  chan struct{} // closed at the end of the sending
	senders  sync.WaitGroup
	readers  sync.WaitGroup
}

// Start begins to send: until the Count or the Duration of the load, or until Stop. When ctx, that of Join,
// ends, it gives up at once. Call it once, and [Run.Wait] once after it.
func (r *Run) Start() {
	b := r.books
	b.mu.Lock()
	b.begin, b.result = time.Now(), newResult()
	b.since, b.arrived, b.moved = b.begin, b.begin, b.begin
	for i := range b.receivers {
		b.receivers[i].told = 0
	}
	b.mu.Unlock()
	for i := range r.load.Senders {
		r.senders.Go(func() { r.send(i) })
	}
	go func() { r.watched <- r.watch() }()
}

// Stop ends the sending. What is in flight may arrive.
func (r *Run) Stop() {
	r.stopping.Do(func() {
		b := r.books
		b.mu.Lock()
		defer b.mu.Unlock()
		b.ended, b.end = true, time.Now()
		b.landed.Broadcast()
		close(r.stopped)
		// Whoever is blocked in a Write comes to an end too, but has time to end its line.
		for _, c := range r.clients[:r.load.Senders] {
			c.conn.SetWriteDeadline(time.Now().Add(r.load.patience()))
		}
	})
}

// Wait waits for the end of the run, and returns what it has found out. The clients stay in the room until
// [Run.Leave].
func (r *Run) Wait() *Result {
	stuck := <-r.watched
	r.Stop()
	b := r.books
	if r.ctx.Err() != nil || stuck {
		for _, c := range r.clients[:r.load.Senders] {
			c.conn.SetWriteDeadline(time.Unix(1, 0))
		}
	}
	r.senders.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	result := b.result
	b.result = newResult() // for what still comes, which nobody will ask for
	result.Stuck = stuck
	result.InFlight = b.flying
	// What comes after the last arrival is only our patience.
	if result.Elapsed = b.arrived.Sub(b.since); result.Elapsed <= 0 {
		result.Elapsed = time.Since(b.since)
	}
	for _, client := range b.receivers {
		if client.lost != client.told {
			result.Untold++
		}
	}
	return result
}

// Leave closes all connections, and waits until all goroutines have ended.
func (r *Run) Leave() {
	r.books.mu.Lock()
	r.leaving = true
	r.books.mu.Unlock()
	r.Stop()
	for _, c := range r.clients {
		c.conn.Close()
	}
	for _, conn := range r.stalled {
		conn.Close()
	}
	r.senders.Wait()
	r.readers.Wait()
}

// Reset forgets what has been found out, so that a server can be measured when it is warm.
func (r *Run) Reset() {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	gone := b.result.Gone
	b.result = newResult()
	b.result.Gone = gone
	b.since = time.Now()
}

// A Snapshot is how far a run has come, since its start or the last Reset.
type Snapshot struct {
	Elapsed               time.Duration
	Sent, Delivered, Lost int64
	InFlight              int
}

// Snapshot tells how far the run has come.
func (r *Run) Snapshot() Snapshot {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	return Snapshot{time.Since(b.since), b.result.Sent, b.result.Delivered, b.result.Lost, b.flying}
}
