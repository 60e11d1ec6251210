package httpdtest

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"

	"example.com/async/step02-http/httpd"
)

// Site is what the cases talk to:
//
//	GET  /                 200, "Hello, world!", text/plain
//	POST /echo             200, the body of the request
//	GET  /files/hello.txt  200, "hello from a file\n", with a validator
//	GET  /files/page.txt   200, a text; in gzip, the file page.txt.gz, for who accepts that
//
// and nothing else under these paths or others.
func Site() httpd.Handler {
	site := new(httpd.Router)
	site.HandleFunc("GET", "/", func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteString(helloText)
	})
	site.HandleFunc("POST", "/echo", func(w *httpd.ResponseWriter, r *httpd.Request) {
		w.Write(r.Body())
	})
	site.Handle("GET", "/files/{path...}", httpd.Files(siteFiles()))
	return site
}

const (
	helloText = "Hello, world!"
	fileText  = "hello from a file\n"
)

var (
	pageText = strings.Repeat("what is said often takes little room\n", 50)
	pageGzip = compressed(pageText)
)

func siteFiles() fs.FS {
	changed := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	return fstest.MapFS{
		"hello.txt":   {Data: []byte(fileText), ModTime: changed},
		"page.txt":    {Data: []byte(pageText), ModTime: changed},
		"page.txt.gz": {Data: []byte(pageGzip), ModTime: changed},
	}
}

func compressed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.String()
}
