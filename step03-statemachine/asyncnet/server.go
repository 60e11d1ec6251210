package asyncnet

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A Handler makes the Future that serves one connection: what [tcp.Handler] is to a
// goroutine. It is called on a worker, and must not block; nor must the Future.
//
// The server closes conn when the Future is ready, has panicked, or was cancelled; it
// may be closed before. ctx ends when the server begins to stop: then the Future is polled
// once more, finds that ctx.Err() is not nil, and comes to an end. rt has timers, and takes
// more tasks. The Future's value ends this connection alone; the server logs it at
// debug level if it is not nil.
type Handler func(ctx context.Context, rt *executor.Runtime, conn Conn) future.Future[error]

// A Server gives each connection of one listener to its Handler, as [tcp.Server] does, but
// as a task on a runtime of its own instead of a goroutine. Handler and Network must be set. The
// fields must not change once Serve runs.
type Server struct {
	// Handler serves each connection.
	Handler Handler

	// Network makes the network, which is the runtime's driver: NewEpoll, say. Serve closes it.
	Network func() (Network, error)

	// Workers is how many goroutines poll. 0 means 1.
	Workers int

	// MaxConns and DrainTimeout are those of [tcp.Server]: how many connections are served at
	// the same time (0: no limit), and how long a stopping server waits for them before it
	// cuts them (0: 10 s; negative: not at all).
	MaxConns     int
	DrainTimeout time.Duration

	// Logger receives panics and accept errors, and at debug level how each connection
	// ended. nil means [slog.Default].
	Logger *slog.Logger

	// Trace records what the runtime does. nil: nothing is recorded.
	Trace *trace.Trace

	used     atomic.Bool
	underway atomic.Pointer[underway] // nil before Serve
}

// An underway is what Adopt needs of the Serve that runs.
type underway struct {
	ctx     context.Context
	rt      *executor.Runtime
	network Network
	open    *connSet
}

// Serve accepts connections until ctx ends or the listener fails for good, and closes the
// listener then. It blocks, as [tcp.Server.Serve] does, and returns what that would: nil, or a
// [*tcp.CutError] if connections had to be cut after DrainTimeout; or the listener's error, or
// that of Network. A Server serves once: then it is [tcp.ErrServerUsed].
//
// A cut connection counts as stuck if its Future could still not be cancelled a second later: a
// poll does not return, its own or one of another connection on the same worker. So does
// each function of [executor.SpawnBlocking] that still runs, also if its connection has ended in time: then
// a CutError comes with nothing cut. They stay behind when Serve returns.
func (s *Server) Serve(ctx context.Context, netListener net.Listener) error {
	if s.used.Swap(true) {
		return tcp.ErrServerUsed
	}
	network, err := s.Network()
	if err != nil {
		netListener.Close()
		return err
	}
	rt := executor.New(executor.Config{
		Workers: s.Workers, Driver: network, Trace: s.Trace, Logger: s.logger(),
	})
	listener, err := network.Listener(netListener)
	if err != nil {
		rt.Shutdown()
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	open := newConnSet()
	s.underway.Store(&underway{ctx: ctx, rt: rt, network: network, open: open})
	executor.Spawn(rt, &acceptLoop{
		ctx: ctx, rt: rt, listener: listener, open: open,
		handler: s.Handler, maxConns: s.MaxConns, logger: s.logger(), backoff: tcp.Backoff{Logger: s.logger()},
	}).Detach()
	// A task that waits knows nothing of contexts: it must be woken.
	defer context.AfterFunc(ctx, open.wakeAll)()

	// The loop sees the end of ctx, too, but not while a poll that does not return holds its worker.
	select {
	case <-ctx.Done():
	case <-open.loopEnded:
	}
	listener.Close() // refuses clients at once

	cancel() // tells the connections, also when it was the listener that ended
	cutErr := s.drain(rt, open)
	return errors.Join(open.loopErr(), cutErr)
}

// Adopt serves a connection that was accepted elsewhere, by an HTTP server that has handed it over say, as one of
// the listener's own: with handler, which the server's own Handler does not have to be. It counts for MaxConns, but is
// never refused for that. Adopt takes conn over: it closes it also when it fails, with [net.ErrClosed] when Serve
// has not begun or has begun to stop. It may be called from any goroutine, and doesn't wait for the connection's end.
func (s *Server) Adopt(netConn net.Conn, handler Handler) error {
	now := s.underway.Load()
	if now == nil {
		netConn.Close()
		return net.ErrClosed
	}
	conn, err := now.network.Conn(netConn)
	if err != nil {
		return err
	}
	if !startServing(now.ctx, now.rt, now.open, conn, handler, s.logger()) {
		conn.Close()
		return net.ErrClosed
	}
	return nil
}

func (s *Server) logger() *slog.Logger { return cmp.Or(s.Logger, slog.Default()) }
