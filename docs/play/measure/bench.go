package measure

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"example.com/async/step02-http/httpd"
)

// A Bench lets one page measure at a time: two would measure each other. The zero value is ready.
type Bench struct {
	taken atomic.Bool
	// measuring is held while a server is measured: the run of a page that has gone may still be at its last one
	// when the next page begins.
	measuring sync.Mutex
}

// Register adds the route:
//
//	POST /live/measure   measures all servers. The answer is a stream of events, each a report; the run ends with it.
func (b *Bench) Register(router *httpd.Router) {
	router.HandleFunc("POST", "/live/measure", b.measure)
}

func (b *Bench) measure(w *httpd.ResponseWriter, r *httpd.Request) {
	if !b.taken.CompareAndSwap(false, true) {
		httpd.Error(w, 409, "another page measures now, and two at once would measure each other. Start again in some seconds")
		return
	}
	// Whatever ends the stream ends the run: it is complete, or the page has gone, or the server stops.
	context.AfterFunc(r.Context(), func() { b.taken.Store(false) })
	run := newRun(subjects)
	httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
		b.measuring.Lock()
		defer b.measuring.Unlock()
		report, err := run.next(ctx)
		if err != nil {
			return httpd.Event{}, err
		}
		data, err := json.Marshal(report)
		return httpd.Event{Data: string(data)}, err
	})
}
