package httpdtest

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"strings"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// Wrong in what is answered, and in what becomes of what a handler does.
var wrongResponses = []lesson.Wrong[Subject]{
	{
		Name: "doesn't say when", Case: "hello",
		Message: "Date must look like",
		Subject: withResponse(func(head, content string) (string, string) {
			return withoutLine(head, "Date: "), content
		}),
	},
	{
		Name: "answers HEAD with a body", Case: "head",
		Message: "the response to HEAD has no content, so the next response follows at once",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				if r.Method == http1.MethodHead {
					r.Method = http1.MethodGet
				}
				next.ServeHTTP(w, r)
			})
		}),
	},
	{
		Name: "closes without a word instead of saying 4xx", Case: "not-found",
		Message: "no response came, but: the server closed the connection",
		Subject: withConn(func(conn net.Conn) net.Conn {
			return &wrongConn{Conn: conn, write: func(p []byte) (int, error) {
				if bytes.HasPrefix(p, []byte("HTTP/1.1 4")) {
					return len(p), conn.Close()
				}
				return conn.Write(p)
			}}
		}),
	},
	{
		Name: "routes by the beginning of the path", Case: "not-found",
		Message: "there is nothing at /nothing",
		Subject: withSite(func(next httpd.Handler) httpd.Handler {
			site := new(httpd.Router)
			site.Handle("GET", "/{rest...}", hello)
			site.Handle("POST", "/echo", next)
			site.Handle("GET", "/echo", next)
			site.Handle("GET", "/files/{path...}", next)
			return site
		}),
	},
	{
		Name: "says 404 when only the method is wrong", Case: "method-not-allowed",
		Message: "/ can't be deleted",
		Subject: after(func(w *httpd.ResponseWriter, _ *httpd.Request) {
			if w.Status() == 405 {
				httpd.Error(w, 404, "")
			}
		}),
	},
	{
		Name: "says 405, and not what is allowed", Case: "method-not-allowed",
		Message: "Allow lists what / does have",
		Subject: after(func(w *httpd.ResponseWriter, _ *httpd.Request) {
			if w.Status() == 405 {
				w.Header().Del("Allow")
			}
		}),
	},
	{
		Name: "asks for the body before it looks for the route", Case: "continue-no-route",
		Message: "but its body is not wanted",
		Subject: withSettings(func(s *httpd.Server) { s.Handler = httpd.HandlerFunc(s.Handler.ServeHTTP) }),
	},
	{
		Name: "has no route for OPTIONS", Case: "options",
		Message: "OPTIONS has no content",
		Subject: after(func(w *httpd.ResponseWriter, r *httpd.Request) {
			if r.Method == http1.MethodOptions {
				httpd.Error(w, 405, "")
			}
		}),
	},

	{
		Name: "closes without a word when a handler panics", Case: "panic",
		Message: "no response came",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				defer func() {
					if recover() != nil {
						panic(tcp.ErrAbortHandler)
					}
				}()
				next.ServeHTTP(w, r)
			})
		}),
	},
	{
		Name: "recovers, and sends what the handler had made until then", Case: "panic",
		Message: "got \"half of the\"",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				defer func() { _ = recover() }()
				next.ServeHTTP(w, r)
			})
		}),
	},
	{
		Name: "decodes a field that is checked already: header injection", Case: "header-injection",
		Message: "in it",
		Subject: wrong(func(s *httpd.Server) ServeFunc {
			s.Handler = wrap(s.Handler, func(next httpd.Handler) httpd.Handler {
				return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
					next.ServeHTTP(w, r)
					if location := w.Header().Get("Location"); location != "" {
						w.Header().Set("Location", url.PathEscape(location)) // harmless, says the check
					}
				})
			})
			return func(ctx context.Context, listener net.Listener) error {
				return s.Serve(ctx, wrongListener{listener, func(conn net.Conn) net.Conn {
					return &wrongConn{Conn: conn, write: func(p []byte) (int, error) {
						decoded, err := url.PathUnescape(string(p))
						if err != nil {
							decoded = string(p)
						}
						_, err = io.WriteString(conn, decoded)
						return len(p), err
					}}
				}})
			}
		}),
	},
	{
		Name: "keeps a slice of the read buffer for the next request", Case: "kept-bytes",
		Message: "/c",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			if _, isSite := next.(*httpd.Router); isSite {
				return next // there it's right to answer the same path twice
			}
			var seen [][]byte
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				// "This was answered already." But what was kept is a view of the buffer, and
				// the buffer holds this request now.
				for _, path := range seen {
					if bytes.Equal(path, r.Path()) {
						return
					}
				}
				seen = append(seen, r.Path())
				next.ServeHTTP(w, r)
			})
		}),
	},
}

// withSite puts something wrong around the Site, and leaves other handlers alone.
func withSite(around httpd.Middleware) Subject {
	return withMiddleware(func(next httpd.Handler) httpd.Handler {
		if _, isSite := next.(*httpd.Router); isSite {
			return around(next)
		}
		return next
	})
}

var hello = httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteString(helloText)
})

// after changes the response of the right handler.
func after(change func(w *httpd.ResponseWriter, r *httpd.Request)) Subject {
	return withMiddleware(func(next httpd.Handler) httpd.Handler {
		return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
			next.ServeHTTP(w, r)
			change(w, r)
		})
	})
}

// withoutLine leaves out the line that begins so.
func withoutLine(head, beginning string) string {
	before, line, found := strings.Cut(head, beginning)
	if !found {
		return head
	}
	_, rest, _ := strings.Cut(line, "\n")
	return before + rest
}
