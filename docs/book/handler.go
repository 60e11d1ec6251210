package book

import (
	"bytes"
	"io"
	"io/fs"

	"example.com/async/step02-http/httpd"
)

// policy lets a page use what this server sends, and nothing else: no script and no style
// inside a page, nothing from the network, no frame around it. See the W3C's
// Content Security Policy Level 3.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the site at "/", with what a browser must be told about it. It may
// be used by many goroutines.
func Handler(site *Site) (httpd.Handler, error) {
	missing, err := fs.ReadFile(site, "404.html")
	if err != nil {
		return nil, err
	}
	files := httpd.Files(site)
	return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
		files.ServeHTTP(w, r)
		if w.Status() == 404 {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Stream(io.NopCloser(bytes.NewReader(missing)), int64(len(missing)))
		}
		Protect(w)
		// Ask each time, with the ETag: the book may have been started anew.
		w.Header().Set("Cache-Control", "no-cache")
	}), nil
}

// Protect tells the browser what a page of the book may do. It is for pages that are made with [Site.Frame].
func Protect(w *httpd.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Referrer-Policy", "no-referrer")
}
