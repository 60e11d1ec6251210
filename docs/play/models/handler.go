package models

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync/atomic"

	"example.com/async/step02-http/httpd"
)

// Register adds the route that models.js asks: POST /live/models with {"model": "one at a time"}. It runs that model, and
// answers with a stream of events, each an [Event], while the run goes on. One runs at a time: two would
// take the processor from each other, and each would show the other's waits.
func Register(router *httpd.Router) {
	var busy atomic.Bool
	router.HandleFunc("POST", "/live/models", func(w *httpd.ResponseWriter, r *httpd.Request) {
		var question struct{ Model string }
		err := json.Unmarshal(r.Body(), &question)
		all := All()
		i := slices.IndexFunc(all, func(m Model) bool { return m.Name == question.Model })
		if err != nil || i < 0 {
			httpd.Error(w, 400, `the question must be {"model": "one at a time"}, or another model`)
			return
		}
		if busy.Swap(true) {
			httpd.Error(w, 409, "another run is going on, in another page perhaps: try again in three seconds")
			return
		}
		network, err := Loopback()
		if err != nil {
			busy.Store(false)
			httpd.Error(w, 500, "this machine gives no port to listen on")
			return
		}
		// The run ends by itself, or when the page has gone and ends the context: nobody has to wait for it.
		events := make(chan Event, mostEvents)
		ctx := r.Context()
		go func() {
			defer close(events)
			defer busy.Store(false)
			// What goes wrong is seen in the lanes.
			_ = Run(ctx, all[i], network, func(e Event) { events <- e })
		}()
		httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
			select {
			case e, more := <-events:
				if !more {
					return httpd.Event{}, io.EOF
				}
				data, err := json.Marshal(e)
				return httpd.Event{Data: string(data)}, err
			case <-ctx.Done():
				return httpd.Event{}, ctx.Err()
			}
		})
	})
}
