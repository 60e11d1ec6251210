package web

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"net"

	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// A Site is the page, and what the page asks for. Set the fields before the first use of its Handler.
type Site struct {
	// Hub is asked for its Stats.
	Hub *hub.Hub

	// Serve serves one client until it has left. conn has shaken hands, read are bytes that came with that.
	// It is selectloop's ServeClient, or pollloop's.
	Serve func(ctx context.Context, conn net.Conn, codec session.Codec, entry hub.Entry, read []byte) error

	// MaxLine is how long a line may be, in bytes. 0 means [lines.DefaultMax].
	MaxLine int

	// Local says that the site listens on loopback ([IsLoopback]). Then a request must be for a name or an address of loopback, or
	// it is answered with 421: no other name leads here, unless somebody has let it, to get at
	// this machine from a page of theirs (DNS rebinding). A proxy in front must send such a Host, too.
	Local bool

	// HTTP is what the HTTP server counts; nil if it does not.
	HTTP *httpd.Stats
}

//go:embed page
var page embed.FS

// policy lets the page use what this server sends, and nothing else: no script and no style inside the HTML, no
// other server, no frame around it; and no text can become HTML by a mistake in the script. See the W3C's
// Content Security Policy Level 3, and Trusted Types.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// Handler returns what answers all requests, with what a browser must be told about it. It may be used by
// several goroutines.
func (s *Site) Handler() httpd.Handler {
	files, err := fs.Sub(page, "page")
	if err != nil {
		panic(err) // the folder has been built in
	}
	router := new(httpd.Router)
	router.HandleFunc("GET", "/chat", s.chat)
	router.HandleFunc("GET", "/api/stats", s.stats)
	router.Handle("GET", "/{file...}", httpd.Files(files))
	return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
		if s.Local && !local(r) {
			httpd.Error(w, 421, "this server is for its own machine, under the name localhost")
		} else {
			router.ServeHTTP(w, r)
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		if header.Get("Cache-Control") == "" {
			// Ask each time, with the ETag: the server may have been started anew, from another version.
			header.Set("Cache-Control", "no-cache")
		}
	})
}

// stats answers with what step 2 counts, and what the chat does besides.
func (s *Site) stats(w *httpd.ResponseWriter, _ *httpd.Request) {
	count := s.Hub.Stats()
	both := struct {
		httpd.Snapshot
		Chat chatStats `json:"chat"`
	}{Chat: chatStats{
		Users: count.Users.Load(), Rooms: count.Rooms.Load(),
		Said: count.Said.Load(), Delivered: count.Delivered.Load(), Missed: count.Missed.Load(),
	}}
	if s.HTTP != nil {
		both.Snapshot = s.HTTP.Snapshot()
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// Maps, strings and numbers: there is nothing that could fail.
	_ = json.NewEncoder(w).Encode(both)
}

// chatStats is [hub.Stats] at some moment.
type chatStats struct {
	Users     int64  `json:"users"`
	Rooms     int64  `json:"rooms"`
	Said      uint64 `json:"said"`
	Delivered uint64 `json:"delivered"`
	Missed    uint64 `json:"missed"`
}
