package httpfuture

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A Server answers HTTP requests as an [httpd.Server] does, with another engine: each
// connection is a Future. HTTP must be set. The fields must not change once the Server serves.
//
// A Handler is called on a worker, in the middle of a poll. What it waits for, all connections of
// that worker wait for: so it should not block. The content that it leaves to
// [httpd.ResponseWriter.Stream] may: it is read on another goroutine. So may a function that
// takes the connection over ([httpd.ResponseWriter.Hijack]).
type Server struct {
	// HTTP holds the settings: all of its fields mean what they mean there.
	HTTP *httpd.Server

	// Network makes the network, for each Serve. nil means the best one that the system has.
	Network func() (asyncnet.Network, error)

	// Workers is how many goroutines poll. 0 means 1.
	Workers int

	// Trace records what the runtime does. nil: nothing is recorded.
	Trace *trace.Trace
}

// Serve accepts connections and answers their requests until ctx ends or the
// listener fails for good. It blocks, closes the listener, and returns what
// [asyncnet.Server.Serve] returns. It may be called for several listeners, also at the same
// time: each has a runtime of its own, and MaxConns counts for each.
//
// When ctx ends, idle connections are closed at once. A request that has begun to
// arrive is still answered, with "Connection: close".
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	s.HTTP.Stats.Serving()
	network := s.Network
	if network == nil {
		network = func() (asyncnet.Network, error) { return asyncnet.New("") }
	}
	var running asides
	server := &asyncnet.Server{
		Handler: s.handler(&running), Network: network, Workers: s.Workers, Trace: s.Trace,
		MaxConns: s.HTTP.MaxConns, DrainTimeout: s.HTTP.DrainTimeout, Logger: s.HTTP.Logger,
	}
	err := server.Serve(ctx, listener)
	var cut *tcp.CutError
	if errors.As(err, &cut) {
		// A connection that was cut is gone, but not yet the goroutine that it has left.
		cut.Stuck += running.leftAfter(cutGrace)
	}
	return err
}

// cutGrace is how long the goroutine of a connection that was cut gets to notice, as in step 1.
const cutGrace = time.Second

// handler makes a Future of each connection.
func (s *Server) handler(running *asides) asyncnet.Handler {
	var e *engine // made by the first connection; the accept loop is one task, so nobody else is here
	return func(ctx context.Context, rt *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
		if e == nil {
			e = &engine{
				http: s.HTTP, timeouts: s.HTTP.Timeouts.WithDefaults(), start: time.Now(), ctx: ctx, rt: rt,
				asides: running, logger: cmp.Or(s.HTTP.Logger, slog.Default()),
			}
		}
		return e.newConn(conn)
	}
}
