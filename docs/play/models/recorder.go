package models

import (
	"net"
	"sync"
	"time"
)

// What happens to a client's connection.
const (
	Connects = "connects" // the client begins to connect
	Begins   = "begins"   // a handler has got the connection
	Asks     = "asks"     // the client has sent a byte
	Answered = "answered" // and has it back
	Leaves   = "leaves"   // the client closes
	Ends     = "ends"     // the handler has ended
	Fails    = "fails"    // the client's connection has failed
	End      = "end"      // of the whole run, and of the client -1
)

// An Event is what happens to a client at some time of the run.
type Event struct {
	// Client is 0 for the slow one, then 1 to 3.
	Client int    `json:"client"`
	What   string `json:"what"`
	// At is in milliseconds since the beginning.
	At float64 `json:"at"`
}

// mostEvents bounds what a run notes: of four clients the one that asks three times has eleven.
const mostEvents = 64

// A recorder notes what happens, in its order.
type recorder struct {
	start time.Time
	note  func(Event)

	mu      sync.Mutex
	clients map[string]int     // by their addresses
	early   map[string][]Event // of handlers, before the client has told its address
}

func newRecorder(note func(Event)) *recorder {
	return &recorder{start: time.Now(), note: note, clients: make(map[string]int), early: make(map[string][]Event)}
}

func (r *recorder) event(what string, who int) Event {
	return Event{who, what, float64(time.Since(r.start).Microseconds()) / 1000}
}

// add notes what the client who does.
func (r *recorder) add(what string, who int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(r.event(what, who))
}

// know says whose address it is. The server may have seen it before the client itself has.
func (r *recorder) know(address net.Addr, who int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := address.String()
	r.clients[name] = who
	for _, e := range r.early[name] {
		e.Client = who
		r.note(e)
	}
	delete(r.early, name)
}

// begin is a [beginner].
func (r *recorder) begin(peer net.Addr) (end func()) {
	r.see(Begins, peer)
	return func() { r.see(Ends, peer) }
}

// see notes what a handler does with the connection of a peer. A stranger who has found the port is not noted.
func (r *recorder) see(what string, peer net.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := peer.String()
	if who, known := r.clients[name]; known {
		r.note(r.event(what, who))
	} else if len(r.early) < len(visits) {
		r.early[name] = append(r.early[name], r.event(what, -1))
	}
}
