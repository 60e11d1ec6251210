package backoff

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

var cases = lesson.Pick(tcptest.ServerCases(),
	"transient-errors", "backoff", "backoff-resets", "backoff-stops", "permanent-error")

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, answer(Accept), lesson.JudgeInBubble[tcptest.Subject])
}

type acceptFunc func(ctx context.Context, listener net.Listener) (net.Conn, error)

// answer lets this step's server accept through the exercise.
func answer(accept acceptFunc) tcptest.Subject {
	return tcptest.Subject{Network: lesson.Memory, New: func(settings *tcp.Server) tcptest.Server {
		return tcptest.ServeFunc(func(ctx context.Context, listener net.Listener) error {
			p := &patient{Listener: listener, ctx: ctx, accept: accept}
			err := settings.Serve(ctx, p)
			if err != nil && ctx.Err() == nil {
				return p.failed // as the exercise has wrapped it, and not the server
			}
			return err
		})
	}}
}

type patient struct {
	net.Listener
	ctx    context.Context
	accept acceptFunc
	failed error // what accept has returned last
}

// Accept hides what kind an error is: the server's own back-off must not help.
func (p *patient) Accept() (net.Conn, error) {
	conn, err := p.accept(p.ctx, p.Listener)
	p.failed = err
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return nil, errors.New(err.Error())
	}
	return conn, err
}

func TestWrongAnswers(t *testing.T) {
	retry := func(wait func(ctx context.Context, failed int)) acceptFunc {
		return func(ctx context.Context, listener net.Listener) (net.Conn, error) {
			for failed := 0; ; failed++ {
				conn, err := listener.Accept()
				switch {
				case err == nil:
					return conn, nil
				case !tcp.IsTransient(err) || ctx.Err() != nil:
					return nil, fmt.Errorf("accept: %w", err)
				}
				wait(ctx, failed)
			}
		}
	}
	patiently := retry(func(ctx context.Context, failed int) {
		select {
		case <-time.After(min(5*time.Millisecond<<min(failed, 10), time.Second)):
		case <-ctx.Done():
		}
	})
	longer := 5 * time.Millisecond // kept between the calls, and so never short again
	lesson.Museum(t, cases, []lesson.Wrong[tcptest.Subject]{
		{
			Name: "knows only EMFILE", Case: "transient-errors",
			Message: "did the server take it for the end?",
			Subject: answer(func(ctx context.Context, listener net.Listener) (net.Conn, error) {
				for {
					conn, err := listener.Accept()
					if !errors.Is(err, syscall.EMFILE) {
						return conn, err
					}
					time.Sleep(time.Millisecond)
				}
			}),
		},
		{
			Name: "tries again at once", Case: "backoff",
			Message: "this loop spins as long as descriptors are short",
			Subject: answer(retry(func(context.Context, int) {})),
		},
		{
			Name: "never waits less again", Case: "backoff-resets",
			Message: "does the wait begin anew after a success?",
			Subject: answer(retry(func(context.Context, int) {
				time.Sleep(longer)
				longer = min(2*longer, time.Second)
			})),
		},
		{
			Name: "sleeps", Case: "backoff-stops",
			Message: "the loop finished its wait before it looked at the context",
			Subject: answer(retry(func(_ context.Context, failed int) {
				time.Sleep(min(5*time.Millisecond<<min(failed, 10), time.Second))
			})),
		},
		{
			Name: "returns an error as it came", Case: "permanent-error",
			Message: "the error must also say what was being done",
			Subject: answer(func(ctx context.Context, listener net.Listener) (net.Conn, error) {
				conn, err := patiently(ctx, listener)
				return conn, errors.Unwrap(err)
			}),
		},
		{
			Name: "takes every error of the system for one that passes", Case: "permanent-error",
			Message: "Serve has not returned",
			Subject: answer(func(ctx context.Context, listener net.Listener) (net.Conn, error) {
				for {
					conn, err := patiently(ctx, listener)
					if !errors.As(err, new(syscall.Errno)) || ctx.Err() != nil {
						return conn, err
					}
				}
			}),
		},
		{
			Name: "takes every error for one that passes", Case: "permanent-error",
			Message: "Serve has not returned",
			Subject: answer(func(ctx context.Context, listener net.Listener) (net.Conn, error) {
				for {
					conn, err := listener.Accept()
					if err == nil || ctx.Err() != nil {
						return conn, err
					}
					time.Sleep(time.Millisecond)
				}
			}),
		},
	}, lesson.JudgeInBubble[tcptest.Subject])
}
