// Package site is what the programs of steps 2 and 3 serve, and their flags: they differ in
// the engine only, so what can be asked of them is here once.
//
// A program's main calls [Settings.AddFlags], parses, and gives what [Settings.Server] returns
// to its engine. Start reading at [Routes].
package site

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"example.com/async/step02-http/httpd"
)

// Routes are what the site has without a folder: GET / says hello, POST /echo sends the body
// back, GET /stream sends ten events, one a second, GET /api/stats says what the server has
// done. More may be added.
func Routes(stats *httpd.Stats) *httpd.Router {
	router := new(httpd.Router)
	router.HandleFunc("GET", "/", func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteString("Hello, world!")
	})
	router.HandleFunc("POST", "/echo", func(w *httpd.ResponseWriter, r *httpd.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(r.Body())
	})
	router.HandleFunc("GET", "/stream", stream)
	router.Handle("GET", "/api/stats", stats)
	return router
}

// stream sends ten events, one a second.
func stream(w *httpd.ResponseWriter, r *httpd.Request) {
	const events = 10
	sent := 0
	httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
		if sent == events {
			return httpd.Event{}, io.EOF
		}
		if sent > 0 {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return httpd.Event{}, ctx.Err()
			}
		}
		sent++
		return httpd.Event{ID: strconv.Itoa(sent), Data: fmt.Sprintf("event %d of %d", sent, events)}, nil
	})
}
