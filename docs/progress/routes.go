package progress

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"slices"

	"example.com/async/docs/book"
	"example.com/async/step02-http/httpd"
)

var (
	//go:embed progress.js
	script []byte
	//go:embed progress.css
	style []byte
)

// Register adds the live routes, which must be guarded.
//
//	GET  /live/progress.json         how many are done: {"done": 3, "of": 20}
//	GET  /live/progress/events       the same as an event, now and at each change
//	POST /live/progress/grade        {"exercise": DIR} is to be graded again
//	GET  /live/progress/progress.js  and .css
func (c *Course) Register(router *httpd.Router) {
	router.HandleFunc("GET", "/live/progress.json", func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteString(c.Snapshot().count())
	})
	router.HandleFunc("GET", "/live/progress/events", c.serveEvents)
	router.HandleFunc("POST", "/live/progress/grade", c.serveGrade)
	router.Handle("GET", "/live/progress/progress.js", file("text/javascript; charset=utf-8", script))
	router.Handle("GET", "/live/progress/progress.css", file("text/css; charset=utf-8", style))
}

// RegisterPages adds the pages progress.html and solution.html. protect wraps their handlers.
func (c *Course) RegisterPages(router *httpd.Router, frame Frame, protect func(httpd.Handler) httpd.Handler) {
	router.Handle("GET", "/progress.html", protect(page(func(*httpd.Request) ([]byte, error) {
		return render(c, frame)
	})))
	router.Handle("GET", "/solution.html", protect(page(func(r *httpd.Request) ([]byte, error) {
		query, _ := url.ParseQuery(string(r.Query())) // what is no query asks for nothing that there is
		items := c.Snapshot().Items
		i := slices.IndexFunc(items, func(item Item) bool { return item.Dir == query.Get("of") })
		if i < 0 {
			return nil, nil
		}
		return renderSolution(c, frame, items[i])
	})))
}

// page answers with a page of the book; with 404 if there is none.
func page(make func(r *httpd.Request) ([]byte, error)) httpd.Handler {
	return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
		html, err := make(r)
		switch {
		case err != nil:
			httpd.Error(w, 500, "the page could not be made") // the error names a file of this machine
		case html == nil:
			httpd.Error(w, 404, "there is no such exercise")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(html)
		}
		book.Protect(w)
	})
}

func file(contentType string, data []byte) httpd.Handler {
	return httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Write(data)
	})
}

// count is how many are done, as JSON.
func (s Snapshot) count() string {
	text, _ := json.Marshal(map[string]int{"done": s.Done(), "of": len(s.Items)}) // two numbers can be marshalled
	return string(text)
}

// serveEvents sends the count now, and whenever something has changed: then the page asks for the rest.
func (c *Course) serveEvents(w *httpd.ResponseWriter, r *httpd.Request) {
	var seen uint64
	first := true
	httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
		now := c.Snapshot()
		if !first {
			var err error
			if now, err = c.Wait(ctx, seen); err != nil {
				return httpd.Event{}, err
			}
		}
		first, seen = false, now.Revision
		return httpd.Event{Data: now.count()}, nil
	})
}

// serveGrade takes what [Course.GradeAgain] is for.
func (c *Course) serveGrade(w *httpd.ResponseWriter, r *httpd.Request) {
	var asked struct {
		Exercise string `json:"exercise"`
	}
	if err := json.Unmarshal(r.Body(), &asked); err != nil {
		httpd.Error(w, 400, "the body must be {\"exercise\": FOLDER}")
		return
	}
	if !c.GradeAgain(asked.Exercise) {
		httpd.Error(w, 404, "there is no such exercise")
		return
	}
	w.SetStatus(202)
}
