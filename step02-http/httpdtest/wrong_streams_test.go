package httpdtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// Wrong in what becomes of content that comes over time, and of connections that are taken over.
var wrongStreams = []lesson.Wrong[Subject]{
	{
		Name: "sends chunks to HTTP/1.0", Case: "stream",
		Message: "HTTP/1.0 knows no chunks",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				r.HTTP10 = false
				next.ServeHTTP(w, r)
			})
		}),
	},
	{
		Name: "gathers a stream until it has 4 KiB of it", Case: "stream-at-once",
		Message: "the stream is under way, and nothing comes",
		Subject: withConn(func(conn net.Conn) net.Conn {
			var unsent []byte
			streams := false
			return &wrongConn{Conn: conn, write: func(p []byte) (int, error) {
				unsent = append(unsent, p...)
				ends := bytes.Contains(p, []byte(http1.LastChunk))
				if streams && len(unsent) < 4<<10 && !ends {
					return len(p), nil
				}
				streams = bytes.Contains(p, []byte("Transfer-Encoding: chunked")) || streams && !ends
				_, err := conn.Write(unsent)
				unsent = nil
				return len(p), err
			}}
		}),
	},
	{
		Name: "ends a broken stream like a good one", Case: "stream-breaks",
		Message: "the stream broke, but its end looks like a good one",
		Subject: withConn(func(conn net.Conn) net.Conn { return &tidyConn{Conn: conn} }),
	},
	{
		Name: "watches the client during a stream, and throws away what it reads", Case: "stream-then-request",
		Message: "the request that came during the stream",
		Subject: withConn(func(conn net.Conn) net.Conn {
			var streams atomic.Bool
			return &wrongConn{Conn: conn,
				write: func(p []byte) (int, error) {
					if bytes.Contains(p, []byte("Transfer-Encoding: chunked")) {
						streams.Store(true)
					}
					if bytes.HasSuffix(p, []byte(http1.LastChunk)) {
						streams.Store(false)
					}
					return conn.Write(p)
				},
				read: func(p []byte) (int, error) {
					n, err := conn.Read(p)
					for streams.Load() && err == nil {
						n, err = conn.Read(p)
					}
					return n, err
				},
			}
		}),
	},
	{
		Name: "leaves the content of a stream open when the client is gone", Case: "stream-client-reset",
		Message: "the stream was not closed",
		Subject: withAnswers(answers{content: func(content io.Reader) io.ReadCloser { return io.NopCloser(content) }}),
	},
	{
		Name: "ignores the errors of Write", Case: "stream-client-left",
		Message: "the client has closed the connection, and three events were sent since",
		Subject: withConn(func(conn net.Conn) net.Conn {
			return &wrongConn{Conn: conn, write: func(p []byte) (int, error) {
				_, _ = conn.Write(p)
				return len(p), nil
			}}
		}),
	},
	{
		Name: "takes a client's half-close for its end", Case: "stream-half-close",
		Message: "the client has half-closed, and reads on",
		Subject: withConn(func(conn net.Conn) net.Conn {
			return &wrongConn{Conn: conn, read: func(p []byte) (int, error) {
				n, err := conn.Read(p)
				if errors.Is(err, io.EOF) {
					conn.Close()
				}
				return n, err
			}}
		}),
	},
	{
		Name: "waits for the end of every stream when it stops", Case: "stream-stop",
		Message: "a silent stream holds the server up",
		Subject: withSettings(func(s *httpd.Server) { s.DrainTimeout = never }),
	},
	{
		Name: "tells the source of events nothing of the stop", Case: "events-stop",
		Message: "an event, and a sign of life after 15 s",
		Subject: withAnswers(answers{ctx: context.WithoutCancel}),
	},
	{
		Name: "hands the connection over without what it has read", Case: "hijack",
		Message: "first what came with the request",
		Subject: withAnswers(answers{takeover: func(take httpd.Takeover) httpd.Takeover {
			return func(ctx context.Context, conn net.Conn, _ []byte) error { return take(ctx, conn, nil) }
		}}),
	},
	{
		Name: "forgets the connections that were taken over when it stops", Case: "hijack-stop",
		Message: "the context has not ended",
		Subject: withAnswers(answers{takeover: func(take httpd.Takeover) httpd.Takeover {
			return func(ctx context.Context, conn net.Conn, buffered []byte) error {
				return take(context.WithoutCancel(ctx), conn, buffered)
			}
		}}),
	},
	{
		Name: "switches to a protocol that nobody has asked for", Case: "hijack-unasked",
		Message: "the client has not asked for this protocol",
		Subject: withHead(func(lines []string) []string {
			lines = deleteField(deleteField(lines, "Connection", 0), "Upgrade", 0)
			return append(lines, "Connection: Upgrade", "Upgrade: echo")
		}),
	},
}

// A tidyConn sends the last chunk when it is closed.
type tidyConn struct {
	net.Conn
	chunked bool
}

func (c *tidyConn) Write(p []byte) (int, error) {
	c.chunked = c.chunked || bytes.Contains(p, []byte("Transfer-Encoding: chunked"))
	return c.Conn.Write(p)
}

func (c *tidyConn) Close() error {
	if c.chunked {
		_, _ = c.Conn.Write([]byte(http1.LastChunk))
	}
	return c.Conn.Close()
}

func (c *tidyConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }
