package asyncnet

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"syscall"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

// An acceptState says what an acceptLoop waits for.
type acceptState uint8

const (
	accepting  acceptState = iota // for a client, or for room: MaxConns are being served
	backingOff                    // for a shortage to pass
	stopped                       // for nothing: the loop has ended
)

func (s acceptState) String() string {
	return [...]string{"accepting", "backing off", "stopped"}[s]
}

// An acceptLoop is the accept loop of step 1 as a machine. It is ready when ctx ends, or when the
// listener fails for good; then it has told open the error.
type acceptLoop struct {
	ctx      context.Context
	rt       *executor.Runtime
	listener Listener
	open     *connSet
	handler  Handler
	maxConns int
	logger   *slog.Logger

	state   acceptState
	backoff tcp.Backoff
	pause   *timer.Sleep // while backing off
}

var _ future.Future[struct{}] = (*acceptLoop)(nil)

// Poll accepts who is there, until it must wait.
func (l *acceptLoop) Poll(cx *future.Context) (_ struct{}, ready bool) {
	for {
		if l.state == stopped {
			panic(future.PolledAfterReady)
		}
		// Whatever it waits for, the end of ctx wakes it, and comes first.
		roomLeft := l.open.watch(cx.Waker(), l.maxConns)
		if l.ctx.Err() != nil {
			l.stop(nil)
			return struct{}{}, true
		}
		switch l.state {
		case accepting:
			if !roomLeft {
				return // the next connection that ends wakes the loop
			}
			conn, ready, err := l.listener.PollAccept(cx)
			switch {
			case !ready:
				return struct{}{}, false
			case tcp.IsTransient(err), errors.Is(err, noMoreWatches):
				l.backOff(err)
			case err != nil && l.ctx.Err() != nil:
				// Serve has closed the listener just now.
			case err != nil:
				l.stop(fmt.Errorf("asyncnet: accept on %v: %w", l.listener.Addr(), err))
				return struct{}{}, true
			default:
				l.backoff.Reset()
				l.start(conn)
			}
		case backingOff:
			if _, over := l.pause.Poll(cx); !over {
				return
			}
			l.pause = nil
			l.state = accepting
		}
	}
}

func (l *acceptLoop) stop(failure error) {
	l.state = stopped
	l.listener.Close()
	if l.pause != nil {
		l.pause.Cancel()
		l.pause = nil
	}
	l.open.loopHasEnded(failure)
}

// Cancel closes the listener.
func (l *acceptLoop) Cancel() { l.stop(nil) }

// noMoreWatches is how epoll says that this user's programs watch as many descriptors as they may, see epoll(7). The
// client is closed whom it was said of; there is room again when another one ends.
const noMoreWatches = syscall.ENOSPC

// backOff waits, as step 1's loop does. The readiness of the listener is kept meanwhile: the client
// who could not be accepted is still in the kernel's queue, and causes no second event.
func (l *acceptLoop) backOff(err error) {
	l.pause = l.rt.Sleep(l.backoff.Next(err))
	l.state = backingOff
}

// start makes the task that serves conn.
func (l *acceptLoop) start(conn Conn) {
	startServing(l.ctx, l.rt, l.open, conn, l.handler, l.logger) // the loop has not ended, so it is not refused
}

// startServing makes the task that serves conn. It reports false if the server has begun to stop: then there is none.
func startServing(ctx context.Context, rt *executor.Runtime, open *connSet, conn Conn, handler Handler, logger *slog.Logger) (accepted bool) {
	s := &served{set: open, conn: conn, logger: logger}
	if !open.add(s) {
		return false
	}
	accepted = true
	defer func() {
		if cause := recover(); cause != nil {
			s.tellPanic(cause)
			s.end()
		}
	}()
	s.serve = handler(ctx, rt, conn)
	open.setTask(s, executor.Spawn(rt, s))
	return true
}

// A served is the task of one connection: the handler's Future, and what the server does
// around it.
type served struct {
	set    *connSet
	conn   Conn
	serve  future.Future[error]
	logger *slog.Logger

	waker future.Waker                   // of the last Poll: guarded by set
	task  *executor.JoinHandle[struct{}] // guarded by set
}

var _ future.Future[struct{}] = (*served)(nil)

// Poll polls the handler's Future, and keeps its panic from being anybody else's.
func (s *served) Poll(cx *future.Context) (_ struct{}, ready bool) {
	defer func() {
		if cause := recover(); cause != nil {
			s.tellPanic(cause)
			s.Cancel()
			ready = true
		}
	}()
	// Only Poll writes the field, so it may read it without the lock.
	if s.waker != cx.Waker() {
		s.set.setWaker(s, cx.Waker())
	}
	err, ready := s.serve.Poll(cx)
	if ready {
		if err != nil {
			s.logger.Debug("asyncnet: connection ended", "peer", s.conn.RemoteAddr(), "err", err)
		}
		s.end()
	}
	return struct{}{}, ready
}

// Cancel cancels the handler's Future, and ends the connection.
func (s *served) Cancel() {
	defer s.end()
	future.Cancel(s.serve)
}

// end takes the connection back, whatever the handler did.
func (s *served) end() {
	s.conn.Close()
	s.set.remove(s)
}

func (s *served) tellPanic(cause any) {
	if err, ok := cause.(error); ok && errors.Is(err, tcp.ErrAbortHandler) {
		return
	}
	s.logger.Error("asyncnet: a handler panicked",
		"peer", s.conn.RemoteAddr(), "panic", cause, "stack", string(debug.Stack()))
}
