package httpdtest

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing/fstest"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// Wrong in which file is sent, which part of it, and in which encoding.
var wrongFiles = []lesson.Wrong[Subject]{
	{
		Name: "sends files without a validator", Case: "file",
		Message: "a client can only ask for changes if it knows what it has",
		Subject: after(func(w *httpd.ResponseWriter, _ *httpd.Request) {
			w.Header().Del("ETag")
			w.Header().Del("Last-Modified")
		}),
	},
	{
		Name: "takes If-None-Match for one tag", Case: "file-not-modified",
		Message: "If-None-Match: a list, and weak",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				if next.ServeHTTP(w, r); w.Status() == 304 && bytes.ContainsRune(r.Field("If-None-Match"), ',') {
					httpd.Error(w, 200, "")
				}
			})
		}),
	},
	{
		Name: "joins the root and the path: traversal", Case: "file-root",
		Message: "must not be served",
		Subject: withSite(func(next httpd.Handler) httpd.Handler {
			disk := fstest.MapFS{
				"srv/files/hello.txt": {Data: []byte(fileText)},
				"srv/hello.txt":       {Data: []byte("not for you")},
				"etc/passwd":          {Data: []byte("root:x:0:0")},
			}
			site := new(httpd.Router)
			site.Handle("GET", "/", next)
			site.Handle("POST", "/echo", next)
			site.HandleFunc("GET", "/files/{path...}", func(w *httpd.ResponseWriter, r *httpd.Request) {
				content, err := fs.ReadFile(disk, path.Join("srv/files", string(r.Rest())))
				if next.ServeHTTP(w, r); err == nil && w.Status() == 404 {
					httpd.Error(w, 200, string(content))
				}
			})
			return site
		}),
	},
	{
		Name: "sends the range that it is asked for, of whatever version", Case: "file-range",
		Message: "the client has a part of another version",
		Subject: withFields(func(_ *httpd.Request, name, value string) string {
			if name == "If-Range" {
				return ""
			}
			return value
		}),
	},
	{
		Name: "knows If-None-Match, and no If-Match", Case: "file-precondition",
		Message: "If-Match: another ETag",
		Subject: withFields(func(_ *httpd.Request, name, value string) string {
			if name == "If-Match" {
				return ""
			}
			return value
		}),
	},

	{
		Name: "sends compressed bytes, and doesn't say so", Case: "gzip",
		Message: "the content must say that it is compressed",
		Subject: after(func(w *httpd.ResponseWriter, _ *httpd.Request) { w.Header().Del("Content-Encoding") }),
	},
	{
		Name: "takes the type from the name of the compressed file", Case: "gzip",
		Message: "what is inside is still a text",
		Subject: after(func(w *httpd.ResponseWriter, _ *httpd.Request) {
			if w.Header().Get("Content-Encoding") == "gzip" {
				w.Header().Set("Content-Type", "application/gzip")
			}
		}),
	},
	{
		Name: "says nothing of the encoding to HEAD", Case: "gzip",
		Message: "HEAD has the Content-Encoding of GET",
		Subject: after(func(w *httpd.ResponseWriter, r *httpd.Request) {
			if r.Method == http1.MethodHead {
				w.Header().Del("Content-Encoding")
			}
		}),
	},
	{
		Name: "lets caches mix up the encodings", Case: "gzip-unwanted",
		Message: "without Vary, a cache gives this answer to clients that asked otherwise",
		Subject: after(func(w *httpd.ResponseWriter, _ *httpd.Request) { w.Header().Del("Vary") }),
	},
	{
		Name: "looks for the word gzip, and not what it says of it", Case: "gzip-unwanted",
		Message: "the client can't unpack it",
		Subject: withFields(func(_ *httpd.Request, name, value string) string {
			if name == "Accept-Encoding" && strings.Contains(value, "gzip") {
				return "gzip"
			}
			return value
		}),
	},
	{
		Name: "has one ETag for both encodings", Case: "gzip-versions",
		Message: "these are other bytes",
		Subject: after(func(w *httpd.ResponseWriter, r *httpd.Request) {
			if bytes.HasPrefix(r.Path(), []byte("/files/page")) {
				w.Header().Set("ETag", `"page"`)
			}
		}),
	},
	{
		Name: "looks whether the client has the plain file before it chooses the encoding", Case: "gzip-versions",
		Message: "the client has the plain file, and asks for the compressed one",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				asked := r.Request
				if r.Field("If-None-Match") != nil {
					r.Request = withChangedFields(r, withoutEncoding)
					if next.ServeHTTP(w, r); w.Status() == 304 {
						return
					}
					httpd.Error(w, 200, "")
				}
				r.Request = asked
				next.ServeHTTP(w, r)
			})
		}),
	},
	{
		Name: "cuts ranges out of the plain file, and calls them gzip", Case: "gzip-range",
		Message: "these are bytes of the file that was sent whole before",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				packed := string(r.Field("Accept-Encoding")) == "gzip"
				if packed && r.Field("Range") != nil {
					r.Request = withChangedFields(r, func(r *httpd.Request, name, value string) string {
						if name == "If-Range" {
							return ""
						}
						return withoutEncoding(r, name, value)
					})
				}
				if next.ServeHTTP(w, r); packed && w.Status() == 206 {
					w.Header().Set("Content-Encoding", "gzip")
				}
			})
		}),
	},
}

func withoutEncoding(_ *httpd.Request, name, value string) string {
	if name == "Accept-Encoding" {
		return ""
	}
	return value
}

// withFields is the right server whose handlers see other values in the fields of requests.
func withFields(change fieldChange) Subject {
	return withMiddleware(func(next httpd.Handler) httpd.Handler {
		return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
			r.Request = withChangedFields(r, change)
			next.ServeHTTP(w, r)
		})
	})
}

// A fieldChange returns the new value of a field; "" leaves it out.
type fieldChange func(r *httpd.Request, name, value string) string

// withChangedFields returns a request without content that asks for the same with other fields;
// or the request itself if nothing changes.
func withChangedFields(r *httpd.Request, change fieldChange) *http1.Request {
	head, changed := r.Method+" "+string(r.Target())+" HTTP/1.1\r\n", false
	for name, value := range r.Fields() {
		value, new := string(value), change(r, string(name), string(value))
		if changed = changed || new != value; new != "" {
			head += string(name) + ": " + new + "\r\n"
		}
	}
	if !changed {
		return r.Request
	}
	parser := http1.NewParser(http1.Limits{})
	if _, complete, err := parser.Parse([]byte(head + "\r\n")); err != nil || !complete {
		panic("this was a request before")
	}
	return parser.Request()
}
