package tcptest

import (
	"context"
	"net"
	"sync/atomic"

	"golang.org/x/net/netutil"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// Wrong in how many connections are served at a time.
var wrongLimits = []lesson.Wrong[Subject]{
	{
		Name: "has no limit", Case: "limit",
		Message: "more than MaxConns = 2 handlers ran at the same time",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			s.MaxConns = 0
			return s.Serve
		}),
	},
	{
		Name: "never gives back the slot after a panic", Case: "limit-after-panic",
		Message: "was the slot given back?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			slots := make(chan struct{}, max(s.MaxConns, 1))
			return loop(func(ctx context.Context, conn net.Conn) {
				if s.MaxConns > 0 {
					select {
					case slots <- struct{}{}:
					case <-ctx.Done():
						conn.Close()
						return
					}
				}
				go func() {
					defer conn.Close()
					defer func() { recover() }()
					s.Handler.ServeTCP(ctx, conn)
					if s.MaxConns > 0 {
						<-slots // not deferred
					}
				}()
			})
		}),
	},
	{
		Name: "gives back a slot at every Close", Case: "limit-after-close",
		Message: "was a slot given back twice?",
		Subject: wrong(func(s *tcp.Server) ServeFunc { return slotAtClose(s, 100) }),
	},
	{
		Name: "gives back the slot when the handler closes", Case: "limit-counts-handlers",
		Message: "a second one runs beside it",
		Subject: wrong(func(s *tcp.Server) ServeFunc { return slotAtClose(s, 1) }),
	},
	{
		Name: "keeps the slot when Accept fails", Case: "limit-after-failure",
		Message: "did each failure keep a slot?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			limit := s.MaxConns
			s.MaxConns = 0
			if limit == 0 {
				return s.Serve
			}
			slots := make(chan struct{}, limit)
			return onListener(s, func(accept acceptFunc) acceptFunc {
				return func() (net.Conn, error) {
					slots <- struct{}{} // a stop does not end this wait either
					return accept()     // a failure keeps the slot
				}
			})
		}),
	},
	{
		Name: "accepts first, and then waits for a slot", Case: "limit-before-accept",
		Message:   "what becomes of the third client?",
		Sometimes: []string{"limit"}, // a slot goes to whichever handler the scheduler prefers
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			slots := make(chan struct{}, max(s.MaxConns, 1))
			if s.MaxConns == 0 {
				return s.Serve
			}
			s.MaxConns = 0
			handler := s.Handler
			s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				slots <- struct{}{}
				defer func() { <-slots }()
				return handler.ServeTCP(ctx, conn)
			})
			return s.Serve
		}),
	},
	{
		Name: "waits for a slot, whatever happens", Case: "limit-stops",
		Message: "does the accept loop still wait for a slot?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			slots := make(chan struct{}, max(s.MaxConns, 1))
			if s.MaxConns == 0 {
				return s.Serve
			}
			s.MaxConns = 0
			handler := s.Handler
			s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				defer func() { <-slots }()
				return handler.ServeTCP(ctx, conn)
			})
			return onListener(s, func(accept acceptFunc) acceptFunc {
				return func() (net.Conn, error) {
					slots <- struct{}{}
					conn, err := accept()
					if err != nil {
						<-slots
					}
					return conn, err
				}
			})
		}),
	},
	{
		Name: "hides CloseWrite behind its limit", Case: "limit-half-close",
		Message: "CloseWrite cannot be reached through the limit",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			limit := s.MaxConns
			s.MaxConns = 0
			return func(ctx context.Context, listener net.Listener) error {
				if limit > 0 {
					listener = netutil.LimitListener(listener, limit)
				}
				return s.Serve(ctx, listener)
			}
		}),
	},
}

// slotAtClose gives a slot back when a connection is closed, at each of the
// first n Closes.
func slotAtClose(s *tcp.Server, n int32) ServeFunc {
	limit := s.MaxConns
	s.MaxConns = 0
	if limit == 0 {
		return s.Serve
	}
	slots := make(chan struct{}, 1000)
	for range limit {
		slots <- struct{}{}
	}
	return func(ctx context.Context, listener net.Listener) error {
		return onListener(s, func(accept acceptFunc) acceptFunc {
			return func() (net.Conn, error) {
				select {
				case <-slots:
				case <-ctx.Done():
					return nil, net.ErrClosed
				}
				conn, err := accept()
				if err != nil {
					slots <- struct{}{}
					return nil, err
				}
				slotted := &slottedConn{Conn: conn, slots: slots}
				slotted.left.Store(n)
				return slotted, nil
			}
		})(ctx, listener)
	}
}

type slottedConn struct {
	net.Conn
	slots chan struct{}
	left  atomic.Int32
}

func (c *slottedConn) Close() error {
	if c.left.Add(-1) >= 0 {
		c.slots <- struct{}{}
	}
	return c.Conn.Close()
}

func (c *slottedConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }
