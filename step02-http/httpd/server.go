package httpd

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// A Server answers HTTP requests with its Handler. Only Handler must be set; the
// fields must not change once the Server serves.
type Server struct {
	// Handler answers each request.
	Handler Handler

	// Limits bound what one request may cost in memory.
	Limits http1.Limits

	// Timeouts bound what one client may cost in time.
	Timeouts Timeouts

	// MaxConns is how many connections are served at the same time, as in [tcp.Server].
	// 0 means no limit.
	MaxConns int

	// DrainTimeout is how long a stopping server waits for requests that are being
	// answered before it cuts their connections, as in [tcp.Server].
	DrainTimeout time.Duration

	// Logger receives panics of handlers and responses that could not be sent, and what
	// [tcp.Server] logs. nil means [slog.Default].
	Logger *slog.Logger

	// AccessLog receives a line for each request that was answered, also for those that the
	// parser has refused: who asked for what, the status, how many bytes of content were
	// sent, and how long that took from the moment when the request was complete. nil: none.
	AccessLog *slog.Logger

	// Stats counts connections, requests and bytes. nil: they are not counted.
	Stats *Stats

	workplaces sync.Pool // of *Workplace
}

// Timeouts are how long a client may take. 0 means the default, a negative one no limit.
type Timeouts struct {
	// Head is for a request's head, from its first byte. Default 10 s.
	// Who takes longer is answered with 408.
	Head time.Duration
	// Body is for a request's body, from the end of the head. Default 30 s, then 408.
	Body time.Duration
	// Idle is for the time between requests, and before the first one. Default
	// 60 s. Then the connection is closed without a word, as clients expect it.
	Idle time.Duration
	// Write is for accepting what is sent, anew for each 64 KiB of it: so large content
	// may take as long as it moves. Default 30 s. Then the connection is closed.
	Write time.Duration
}

// WithDefaults returns t with each 0 made the default.
func (t Timeouts) WithDefaults() Timeouts {
	return Timeouts{
		Head:  cmp.Or(t.Head, 10*time.Second),
		Body:  cmp.Or(t.Body, 30*time.Second),
		Idle:  cmp.Or(t.Idle, 60*time.Second),
		Write: cmp.Or(t.Write, 30*time.Second),
	}
}

// from returns when limit is over that begins now; the zero time if there is no limit.
func from(now time.Time, limit time.Duration) time.Time {
	if limit < 0 {
		return time.Time{}
	}
	return now.Add(limit)
}

// Serve accepts connections and answers their requests until ctx ends or the
// listener fails for good. It blocks, closes the listener, and returns what
// [tcp.Server.Serve] returns. It may be called for several listeners, also at the same
// time: each is served by a tcp.Server of its own, so MaxConns counts for each.
//
// When ctx ends, idle connections are closed at once. A request that has begun to
// arrive is still answered, with "Connection: close".
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	s.Stats.Serving()
	server := &tcp.Server{Handler: s, MaxConns: s.MaxConns, DrainTimeout: s.DrainTimeout, Logger: s.Logger}
	return server.Serve(ctx, listener)
}

var _ tcp.Handler = (*Server)(nil)

// ServeTCP answers the requests of one connection, until it ends or ctx does. It
// makes a Server a [tcp.Handler]. If netConn has a method NetConn, that must be a connection
// with the same bytes, as it is for those of a [tcp.Server]; a tls.Conn must be wrapped.
func (s *Server) ServeTCP(ctx context.Context, netConn net.Conn) error {
	s.Stats.Connected()
	defer s.Stats.Disconnected()
	c := newConn(ctx, s, netConn)
	defer c.release()

	// A Read that waits knows nothing of ctx. A deadline in the past wakes it.
	c.stopWaking = context.AfterFunc(ctx, func() { netConn.SetReadDeadline(time.Unix(1, 0)) })
	defer c.stopWaking()
	return c.serve()
}

func (s *Server) logger() *slog.Logger { return cmp.Or(s.Logger, slog.Default()) }
