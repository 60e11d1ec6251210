package tcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// A Handler serves one connection.
//
// ServeTCP runs on a goroutine of its own. When it returns, or panics, the
// server closes conn; the handler need not, but may. The context ends when the
// server begins to stop: a handler that waits for its client should then come
// to an end. An error that ServeTCP returns ends this connection alone; the
// server logs it at debug level, because on a network clients vanish all the time.
//
// conn has a CloseWrite method where the connection of the listener has one;
// [CloseWrite] calls it. Its method NetConn returns the accepted connection
// itself, without the server's time limits; io.Copy is faster on that.
type Handler interface {
	ServeTCP(ctx context.Context, conn net.Conn) error
}

// HandlerFunc makes a Handler of an ordinary function.
type HandlerFunc func(ctx context.Context, conn net.Conn) error

// ServeTCP calls f.
func (f HandlerFunc) ServeTCP(ctx context.Context, conn net.Conn) error { return f(ctx, conn) }

// ErrAbortHandler is a value to panic with: it ends the handler and its
// connection without a log line. It mirrors net/http's ErrAbortHandler.
var ErrAbortHandler = errors.New("tcp: abort handler")

// ErrServerUsed is returned by [Server.Serve] when it is called a second time.
var ErrServerUsed = errors.New("tcp: Serve was called already: a Server serves once")

// A Server gives each connection of one listener to its Handler.
// Only Handler must be set. The fields must not change once Serve runs.
type Server struct {
	// Handler serves each connection.
	Handler Handler

	// MaxConns is how many connections are served at the same time. The next
	// one waits in the kernel's backlog until one of them ends. 0 or less means no limit.
	MaxConns int

	// IdleTimeout ends a connection whose client has sent nothing for so long
	// while the handler waited for it. WriteTimeout ends one whose client takes
	// so long to accept the bytes of one Write. The handler sees
	// [os.ErrDeadlineExceeded]. 0 or less means no limit.
	// A handler that sets deadlines itself is left alone from then on.
	IdleTimeout  time.Duration
	WriteTimeout time.Duration

	// DrainTimeout is how long a stopping server waits for its handlers before
	// it cuts their connections. 0 means 10 s; negative cuts them at once.
	DrainTimeout time.Duration

	// Logger receives panics and accept errors, and at debug level how each
	// connection ended. nil means [slog.Default].
	Logger *slog.Logger

	used    atomic.Bool
	running sync.WaitGroup // one for each handler

	mu    sync.Mutex
	conns map[*serverConn]struct{} // those whose handler runs
}

// A CutError says that a server's handlers did not end within its DrainTimeout.
type CutError struct {
	// Cut is how many connections were cut.
	Cut int
	// Stuck is how many of their handlers still ran after that. Go has no way to
	// end a goroutine from outside: such a handler waits for something else
	// than its connection, and does not look at its context.
	Stuck int
}

func (e *CutError) Error() string {
	message := fmt.Sprintf("tcp: %d connection(s) cut after the drain timeout", e.Cut)
	if e.Stuck > 0 {
		message += fmt.Sprintf("; %d handler(s) still run", e.Stuck)
	}
	return message
}

// Serve accepts connections until ctx ends or the listener fails for good, and
// closes the listener then.
//
// When ctx ends, Serve accepts no more, waits for the handlers, and returns nil;
// or a [*CutError] if some had to be cut after DrainTimeout. When the listener
// fails, Serve returns that error, wrapped, after the same wait; both, joined, if
// both happened. It returns
// [ErrServerUsed] when the Server has served before, and leaves the listener alone.
//
// Serve blocks. A Server serves one listener, once.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	if s.used.Swap(true) {
		return ErrServerUsed
	}
	s.conns = make(map[*serverConn]struct{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	limited := limit(listener, s.MaxConns)
	// Accept knows nothing of contexts: closing the listener is how to wake it.
	stopWatching := context.AfterFunc(ctx, func() { limited.Close() })
	defer stopWatching()
	defer limited.Close()

	acceptErr := s.acceptLoop(ctx, limited)

	cancel() // tells the handlers, also when it was the listener that ended
	return errors.Join(acceptErr, s.drain())
}

// acceptLoop starts a handler for each connection until ctx ends (nil) or the
// listener fails for good (its error).
func (s *Server) acceptLoop(ctx context.Context, listener net.Listener) error {
	backoff := Backoff{Logger: s.logger()}
	for {
		conn, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				conn.Close()
			}
			return nil
		case IsTransient(err):
			backoff.after(ctx, err)
		case err != nil:
			return fmt.Errorf("tcp: accept on %v: %w", listener.Addr(), err)
		default:
			backoff.Reset()
			s.start(ctx, conn)
		}
	}
}

// start runs the handler of one connection on a goroutine of its own. The
// goroutine ends with the handler; drain waits for it.
func (s *Server) start(ctx context.Context, accepted net.Conn) {
	conn := newServerConn(accepted, s.IdleTimeout, s.WriteTimeout)
	s.mu.Lock()
	s.conns[conn] = struct{}{}
	s.mu.Unlock()

	s.running.Go(func() {
		defer func() {
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
		}()
		// Whatever the handler did, the server takes the connection back. The slot
		// of a limited one goes back only here: a handler that has closed its
		// connection itself may still run, and counts.
		defer accepted.Close()
		s.handle(ctx, conn)
	})
}

// handle calls the handler, and keeps its panic from ending the whole process.
func (s *Server) handle(ctx context.Context, conn net.Conn) {
	defer func() {
		switch cause := recover(); cause {
		case nil, ErrAbortHandler:
		default:
			s.logger().Error("tcp: a handler panicked",
				"peer", conn.RemoteAddr(), "panic", cause, "stack", string(debug.Stack()))
		}
	}()
	if err := s.Handler.ServeTCP(ctx, conn); err != nil {
		s.logEnd(conn, err)
	}
}

// logEnd is a function of its own because handle stays on the stack for as long as its connection: with
// the arguments of the log line in handle's frame, a handler that waits in Read doesn't fit into the 2 KiB of stack
// that a goroutine begins with, and each idle connection takes 4.
func (s *Server) logEnd(conn net.Conn, err error) {
	s.logger().Debug("tcp: connection ended", "peer", conn.RemoteAddr(), "err", err)
}

// defaultDrain is long for a handler that looks at its context, and short for
// somebody who waits for the server to stop.
const defaultDrain = 10 * time.Second

// A handler whose connection has been cut gets this much time to notice.
const (
	deadlineGrace = 100 * time.Millisecond // after its deadlines have passed
	closeGrace    = time.Second            // after its connection has been closed
)

// drain waits for the handlers and cuts what lasts longer than DrainTimeout.
func (s *Server) drain() error {
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	ended := func(within time.Duration) bool {
		timer := time.NewTimer(within) // fires at once if within is negative
		defer timer.Stop()
		select {
		case <-done:
			return true
		case <-timer.C:
			return false
		}
	}
	if ended(cmp.Or(s.DrainTimeout, defaultDrain)) {
		return nil
	}

	// Deadlines first: the handler's Read or Write fails with a time-out, and
	// it can still clean up. A closed connection would look like a bug in it.
	cut := s.eachConn((*serverConn).expire)
	if cut == 0 || ended(deadlineGrace) {
		return cutError(cut, 0)
	}
	s.eachConn(func(conn *serverConn) { conn.Close() })
	if ended(closeGrace) {
		return cutError(cut, 0)
	}
	return cutError(cut, s.eachConn(func(*serverConn) {}))
}

// cutError is nil when nothing was cut: an error interface must not hold a nil *CutError.
func cutError(cut, stuck int) error {
	if cut == 0 {
		return nil
	}
	return &CutError{Cut: cut, Stuck: stuck}
}

// eachConn calls f for each connection that is being served, and counts them.
func (s *Server) eachConn(f func(*serverConn)) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		f(conn)
	}
	return len(s.conns)
}

func (s *Server) logger() *slog.Logger {
	return cmp.Or(s.Logger, slog.Default())
}
