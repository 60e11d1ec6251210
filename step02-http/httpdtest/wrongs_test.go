package httpdtest

import (
	"context"
	"io"
	"net"
	"strings"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// What wrong programs are made of: the right server with something wrong between it and its
// clients, or between it and its handler.

// withSettings is the right server with other settings than it was given.
func withSettings(change func(s *httpd.Server)) Subject {
	return wrong(func(s *httpd.Server) ServeFunc {
		change(s)
		return s.Serve
	})
}

// withMiddleware is the right server with something wrong around its handler.
func withMiddleware(middleware httpd.Middleware) Subject {
	return withSettings(func(s *httpd.Server) { s.Handler = wrap(s.Handler, middleware) })
}

// wrap lets what middleware makes of next refuse the bodies that next refuses.
func wrap(next httpd.Handler, middleware httpd.Middleware) httpd.Handler {
	if asks, ok := next.(httpd.HeadHandler); ok {
		return wrappedSite{middleware(next), asks.RefuseHead}
	}
	return middleware(next)
}

type wrappedSite struct {
	httpd.Handler
	refuse func(w *httpd.ResponseWriter, r *httpd.Request) bool
}

func (s wrappedSite) RefuseHead(w *httpd.ResponseWriter, r *httpd.Request) bool {
	return s.refuse(w, r)
}

// withConn is the right server with something wrong around each connection.
func withConn(around func(net.Conn) net.Conn) Subject {
	return wrong(func(s *httpd.Server) ServeFunc {
		return func(ctx context.Context, listener net.Listener) error {
			return s.Serve(ctx, wrongListener{listener, around})
		}
	})
}

type wrongListener struct {
	net.Listener
	around func(net.Conn) net.Conn
}

func (l wrongListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.around(conn), nil
}

// A wrongConn replaces some methods of a connection.
type wrongConn struct {
	net.Conn
	read  func(p []byte) (int, error)
	write func(p []byte) (int, error)
}

func (c *wrongConn) Read(p []byte) (int, error) {
	if c.read == nil {
		return c.Conn.Read(p)
	}
	return c.read(p)
}

func (c *wrongConn) Write(p []byte) (int, error) {
	if c.write == nil {
		return c.Conn.Write(p)
	}
	return c.write(p)
}

func (c *wrongConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }

// withAnswers is the right server with something changed between it and its handler.
func withAnswers(a answers) Subject {
	return withMiddleware(func(next httpd.Handler) httpd.Handler {
		return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) { a.answer(next, w, r) })
	})
}

// answers say what is changed; nil is nothing.
type answers struct {
	ctx      func(context.Context) context.Context
	content  func(io.Reader) io.ReadCloser
	takeover func(httpd.Takeover) httpd.Takeover
}

// answer lets next answer in an exchange of its own, and hands over what has become of it.
func (a answers) answer(next httpd.Handler, w *httpd.ResponseWriter, r *httpd.Request) {
	var x httpd.Exchange
	x.Reset()
	ctx := r.Context()
	if a.ctx != nil {
		ctx = a.ctx(ctx)
	}
	if err := x.Answer(ctx, next, r.Request, r.RemoteAddr()); err != nil {
		panic(err)
	}
	w.SetStatus(x.Response.Status())
	for _, field := range *x.Response.Header() {
		w.Header().Add(field.Name, field.Value)
	}
	content, length := x.Stream()
	take := x.Takeover()
	switch {
	case take != nil && a.takeover != nil:
		w.Hijack("echo", a.takeover(take))
	case take != nil:
		w.Hijack("echo", take)
	case content != nil && a.content != nil:
		w.Stream(a.content(content), length)
	case content != nil:
		w.Stream(content.(io.ReadCloser), length)
	default:
		response, _, _ := x.Append(nil, "", false)
		_, text, _ := strings.Cut(string(response), "\r\n\r\n")
		w.WriteString(text)
	}
}
