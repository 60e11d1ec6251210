package tcptest

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// Wrong in how the server stops.
var wrongStops = []lesson.Wrong[Subject]{
	{
		Name: "stops accepting, and keeps the port", Case: "stop-refuses",
		Message: "is the listener closed?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				defer listener.Close()
				return s.Serve(ctx, keepsOpen{listener, make(chan struct{}), new(sync.Once)})
			}
		}),
	},
	{
		Name: "closes while the handler still writes", Case: "stop-context",
		Message: "the handler could not say goodbye",
		Subject: withHandler(func(next tcp.Handler) tcp.HandlerFunc {
			return func(ctx context.Context, conn net.Conn) error {
				inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
				defer cancel()
				stop := context.AfterFunc(ctx, func() { conn.Close(); cancel() })
				defer stop()
				return next.ServeTCP(inner, conn)
			}
		}),
	},
	{
		Name: "returns while handlers still run", Case: "stop-waits",
		Message: "who would wait for it?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return loop(func(ctx context.Context, conn net.Conn) {
				go func() {
					defer func() { recover() }()
					defer conn.Close()
					s.Handler.ServeTCP(ctx, conn)
				}()
			})
		}),
	},
	{
		Name: "counts its handlers when they run, not when it starts them", Case: "stop-last-moment",
		Message: "did it know of that one?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				var handlers sync.WaitGroup
				defer handlers.Wait()
				begin := func() { handlers.Add(1) } // a detour: go vet knows the usual form of this fault
				return loop(func(ctx context.Context, conn net.Conn) {
					go func() {
						begin() // Wait may have looked already
						defer handlers.Done()
						defer func() { recover() }()
						defer conn.Close()
						s.Handler.ServeTCP(ctx, conn)
					}()
				})(ctx, listener)
			}
		}),
	},
	{
		Name: "waits for ever for its handlers", Case: "stop-cuts",
		Message: "some handlers still wait for their clients: cut them",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			s.DrainTimeout = 1000 * time.Hour
			return s.Serve
		}),
	},
	{
		Name: "believes that every handler listens", Case: "stop-deaf-handler",
		Message: "one handler is deaf, and Serve waits for it for ever",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			var handlers sync.WaitGroup
			handler := s.Handler
			s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				handlers.Add(1)
				defer handlers.Done()
				return handler.ServeTCP(ctx, conn)
			})
			return func(ctx context.Context, listener net.Listener) error {
				defer handlers.Wait()
				return s.Serve(ctx, listener)
			}
		}),
	},
	{
		Name: "closes only where the handler returns", Case: "nothing-left",
		Message: "a connection is still open: one whose handler panicked",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			handler := s.Handler
			s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				err := handler.ServeTCP(ctx, conn)
				conn.(interface{ NetConn() net.Conn }).NetConn().(neverCloses).Conn.Close() // not deferred
				return err
			})
			return onListener(s, func(accept acceptFunc) acceptFunc {
				return func() (net.Conn, error) {
					conn, err := accept()
					if err != nil {
						return nil, err
					}
					return neverCloses{conn}, nil
				}
			})
		}),
	},
	{
		Name: "serves twice", Case: "serve-twice",
		Message: "which of the two does a stop mean?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				again := &tcp.Server{
					Handler: s.Handler, MaxConns: s.MaxConns, IdleTimeout: s.IdleTimeout,
					WriteTimeout: s.WriteTimeout, DrainTimeout: s.DrainTimeout, Logger: s.Logger,
				}
				return again.Serve(ctx, listener)
			}
		}),
	},
	{
		Name: "takes every closed listener for a stop", Case: "closed-listener",
		Message: "nobody has stopped the server",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				err := s.Serve(ctx, listener)
				if errors.Is(err, net.ErrClosed) {
					return nil
				}
				return err
			}
		}),
	},
}

// keepsOpen is a listener whose Close ends Accept, but not the port.
type keepsOpen struct {
	net.Listener
	closed chan struct{}
	once   *sync.Once
}

func (l keepsOpen) Accept() (net.Conn, error) {
	type accepted struct {
		conn net.Conn
		err  error
	}
	result := make(chan accepted, 1)
	go func() {
		conn, err := l.Listener.Accept()
		result <- accepted{conn, err}
	}()
	select {
	case r := <-result:
		return r.conn, r.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l keepsOpen) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// neverCloses is a connection that the server cannot close.
type neverCloses struct{ net.Conn }

func (neverCloses) Close() error { return nil }
