package tcptest

import (
	"context"
	"errors"
	"net"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// Wrong in what to do when Accept fails.
var wrongAccepts = []lesson.Wrong[Subject]{
	{
		Name: "dies on the first accept error", Case: "transient-errors",
		Message: "did the server take it for the end?",
		Subject: withAccept(func(accept acceptFunc) acceptFunc {
			return func() (net.Conn, error) {
				conn, err := accept()
				if err != nil && !errors.Is(err, net.ErrClosed) {
					return nil, errors.New("not transient any more")
				}
				return conn, err
			}
		}),
	},
	{
		Name: "spins on EMFILE", Case: "backoff",
		Message: "this loop spins as long as descriptors are short",
		Subject: withAccept(func(accept acceptFunc) acceptFunc {
			return func() (net.Conn, error) {
				for {
					conn, err := accept()
					if err == nil || errors.Is(err, net.ErrClosed) {
						return conn, err
					}
				}
			}
		}),
	},
	{
		Name: "stays slow after a success", Case: "backoff-resets",
		Message: "does the wait begin anew after a success?",
		Subject: withAccept(func(accept acceptFunc) acceptFunc {
			wait := 5 * time.Millisecond
			return func() (net.Conn, error) {
				for {
					conn, err := accept()
					if err == nil || errors.Is(err, net.ErrClosed) {
						return conn, err
					}
					time.Sleep(wait)
					wait = min(2*wait, time.Second)
				}
			}
		}),
	},
	{
		Name: "logs every accept error", Case: "backoff-log",
		Message: "8 accept errors in a row must make one line in the log",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return onListener(s, func(accept acceptFunc) acceptFunc {
				return func() (net.Conn, error) {
					conn, err := accept()
					if err != nil {
						s.Logger.Error("accept failed", "err", err)
					}
					return conn, err
				}
			})
		}),
	},
	{
		Name: "takes each success for the end of the shortage", Case: "backoff-log",
		Message: "that is one shortage, and one line in the log",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return onListener(s, func(accept acceptFunc) acceptFunc {
				return func() (net.Conn, error) {
					for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
						conn, err := accept()
						if err == nil || errors.Is(err, net.ErrClosed) {
							return conn, err
						}
						if wait == 5*time.Millisecond {
							s.Logger.Warn("accept failed", "err", err)
						}
						time.Sleep(wait)
					}
				}
			})
		}),
	},
	{
		Name: "sleeps through the stop", Case: "backoff-stops",
		Message: "the loop finished its wait before it looked at the context",
		Subject: withAccept(func(accept acceptFunc) acceptFunc {
			return func() (net.Conn, error) {
				conn, err := accept()
				if err != nil && !errors.Is(err, net.ErrClosed) {
					time.Sleep(time.Second)
				}
				return conn, err
			}
		}),
	},
	{
		Name: "passes the error on as it came", Case: "permanent-error",
		Message: "the error must also say what was being done",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				var last error
				err := onListener(s, func(accept acceptFunc) acceptFunc {
					return func() (conn net.Conn, err error) {
						conn, err = accept()
						last = err
						return conn, err
					}
				})(ctx, listener)
				if last != nil && errors.Is(err, last) {
					return last
				}
				return err
			}
		}),
	},
	{
		Name: "keeps the reason to itself", Case: "permanent-error",
		Message: "Serve must return what made it end",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				if err := s.Serve(ctx, listener); err != nil {
					return errors.New("server ended")
				}
				return nil
			}
		}),
	},
}
