package chat

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"example.com/async/step02-http/httpd"
)

// MaxRooms is how many rooms there may be at the same time: more than a reader has tabs open, and few enough
// that all of them together cost little.
const MaxRooms = 8

// maxBody is how long what a page asks for may be, in bytes: an action with the longest line, each rune of it
// escaped.
const maxBody = 8 << 10

// Rooms are the rooms of all visitors. The zero value is ready.
type Rooms struct {
	mu     sync.Mutex
	rooms  map[string]*room // by id; nil for one that is being made
	closed bool
	ending sync.WaitGroup // the rooms that have not ended

	writeTimeout time.Duration // of the rooms; a test sets it before the first one
}

// Register adds the routes:
//
//	POST /live/chat        begins a room. The answer is its stream of events, each a view; the room ends with it.
//	POST /live/chat/{id}   does something in it: an action.
func (rs *Rooms) Register(router *httpd.Router) {
	router.HandleFunc("POST", "/live/chat", rs.begin)
	router.HandleFunc("POST", "/live/chat/{id}", rs.act)
}

// Close ends all rooms, and waits for them. There will be no others.
func (rs *Rooms) Close() {
	rs.mu.Lock()
	rs.closed = true
	for _, r := range rs.rooms {
		if r != nil {
			r.stop()
		}
	}
	rs.mu.Unlock()
	rs.ending.Wait()
}

func (rs *Rooms) begin(w *httpd.ResponseWriter, r *httpd.Request) {
	id, ok := rs.reserve()
	if !ok {
		httpd.Error(w, 503, "there are as many rooms as this book allows. Close another page that has one, and start again")
		return
	}
	opened, err := openRoom(id, rs.writeTimeout)
	if err != nil {
		rs.remove(id)
		slog.Warn("the chat of a page could not begin", "err", err)
		httpd.Error(w, 500, "the chat could not open its port")
		return
	}
	rs.keep(opened)
	// Whatever ends the stream ends the room: the page has gone, or the server stops.
	context.AfterFunc(r.Context(), func() {
		opened.stop()
		opened.wait()
		rs.remove(id)
	})
	httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
		state, err := opened.next(ctx)
		if err != nil {
			return httpd.Event{}, err
		}
		data, err := json.Marshal(state)
		return httpd.Event{Data: string(data)}, err
	})
}

// reserve finds an id that nobody can guess, and takes a place for its room.
func (rs *Rooms) reserve() (id string, ok bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed || len(rs.rooms) >= MaxRooms {
		return "", false
	}
	if rs.rooms == nil {
		rs.rooms = make(map[string]*room)
	}
	id = rand.Text()
	rs.rooms[id] = nil
	rs.ending.Add(1)
	return id, true
}

func (rs *Rooms) keep(r *room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.rooms[r.id] = r
	if rs.closed { // since it was reserved
		r.stop()
	}
}

func (rs *Rooms) remove(id string) {
	rs.mu.Lock()
	delete(rs.rooms, id)
	rs.mu.Unlock()
	rs.ending.Done()
}

func (rs *Rooms) find(id string) *room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.rooms[id]
}

func (rs *Rooms) act(w *httpd.ResponseWriter, r *httpd.Request) {
	found := rs.find(r.Param("id"))
	if found == nil {
		httpd.Error(w, 410, "this room has ended. Load the page anew to begin another one")
		return
	}
	var a action
	if len(r.Body()) > maxBody || json.Unmarshal(r.Body(), &a) != nil {
		httpd.Error(w, 400, "this is not an action")
		return
	}
	err := found.do(a)
	switch refused := (*refusal)(nil); {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "{}")
	case errors.As(err, &refused):
		httpd.Error(w, refused.status, refused.why)
	default:
		httpd.Error(w, 500, "that did not work")
	}
}

// A refusal is an error that the page may show.
type refusal struct {
	status int
	why    string
}

func (r *refusal) Error() string { return r.why }
