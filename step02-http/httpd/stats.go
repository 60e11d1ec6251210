package httpd

import (
	"encoding/json"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Stats counts what a [Server] does. The zero value is ready. It is safe for use by several
// goroutines, and one may be given to several servers.
//
// The hot path pays next to nothing: while a connection works on requests
// that came together it counts in its own memory, and adds that up when it sends
// the responses. So what is under way is not counted yet.
type Stats struct {
	begun     atomic.Int64 // when the first connection came, in nanoseconds since 1970
	now       atomic.Int64
	total     atomic.Int64
	read      atomic.Int64
	written   atomic.Int64
	mu        sync.Mutex
	responses map[responseKind]*atomic.Int64
}

// A responseKind is what responses are counted by. There are as many as the program's
// routes and statuses: a client can't invent more.
type responseKind struct {
	route  string
	status int
}

// What is counted as a route where there is none. A path that somebody makes up has none.
const (
	noRoute     = "(no route)"
	notAccepted = "(not understood)"
)

// A Snapshot is what Stats has counted up to some moment.
type Snapshot struct {
	// Uptime is how long ago the server began to serve, in seconds.
	Uptime float64 `json:"uptime_seconds"`
	// Connections that are open, and all that there were.
	Connections struct {
		Now   int64 `json:"now"`
		Total int64 `json:"total"`
	} `json:"connections"`
	// Requests that were answered, by the route ("GET /users/{id}") and the status ("200").
	// "(no route)" are those that no route of a Router has matched, "(not understood)"
	// those that the parser has refused.
	Requests map[string]map[string]int64 `json:"requests"`
	// Bytes that were received and sent, heads included. What a connection that was taken over
	// has moved since is not among them.
	Bytes struct {
		In  int64 `json:"in"`
		Out int64 `json:"out"`
	} `json:"bytes"`
}

// Snapshot returns what has been counted so far.
func (s *Stats) Snapshot() Snapshot {
	var snapshot Snapshot
	if begun := s.begun.Load(); begun != 0 {
		snapshot.Uptime = time.Since(time.Unix(0, begun)).Seconds()
	}
	snapshot.Connections.Now, snapshot.Connections.Total = s.now.Load(), s.total.Load()
	snapshot.Bytes.In, snapshot.Bytes.Out = s.read.Load(), s.written.Load()
	snapshot.Requests = map[string]map[string]int64{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for kind, count := range s.responses {
		if snapshot.Requests[kind.route] == nil {
			snapshot.Requests[kind.route] = map[string]int64{}
		}
		snapshot.Requests[kind.route][strconv.Itoa(kind.status)] = count.Load()
	}
	return snapshot
}

// ServeHTTP answers with a Snapshot as JSON. It makes Stats a [Handler].
func (s *Stats) ServeHTTP(w *ResponseWriter, _ *Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// Maps, strings and numbers: there is nothing that could fail.
	_ = json.NewEncoder(w).Encode(s.Snapshot())
}

// Serving is what an engine calls when it begins to serve. Like the next two, it may be called on nil.
func (s *Stats) Serving() {
	if s != nil {
		s.begun.CompareAndSwap(0, time.Now().UnixNano())
	}
}

// Connected is what an engine calls when a connection begins.
func (s *Stats) Connected() {
	if s != nil {
		s.now.Add(1)
		s.total.Add(1)
	}
}

// Disconnected is what an engine calls when a connection has ended.
func (s *Stats) Disconnected() {
	if s != nil {
		s.now.Add(-1)
	}
}

// counter returns the counter of a kind.
func (s *Stats) counter(kind responseKind) *atomic.Int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	counter := s.responses[kind]
	if counter == nil {
		if s.responses == nil {
			s.responses = map[responseKind]*atomic.Int64{}
		}
		counter = new(atomic.Int64)
		s.responses[kind] = counter
	}
	return counter
}

// A tally is what one connection has counted and not yet added to the Stats. It remembers one
// kind of response, because the next one is likely to be of that kind, too.
type tally struct {
	stats   *Stats // nil: nothing is counted
	kind    responseKind
	counter *atomic.Int64 // of kind
	count   int64
	read    int64
	written int64
}

func (t *tally) responded(route string, status int) {
	if t.stats == nil {
		return
	}
	if kind := (responseKind{route, status}); t.counter == nil || kind != t.kind {
		t.addUp()
		t.kind, t.counter = kind, t.stats.counter(kind)
	}
	t.count++
}

// addUp adds what was counted to the Stats.
func (t *tally) addUp() {
	if t.stats == nil {
		return
	}
	if t.count > 0 {
		t.counter.Add(t.count)
	}
	if t.read > 0 {
		t.stats.read.Add(t.read)
	}
	if t.written > 0 {
		t.stats.written.Add(t.written)
	}
	t.count, t.read, t.written = 0, 0, 0
}
