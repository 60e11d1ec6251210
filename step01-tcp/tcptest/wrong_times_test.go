package tcptest

import (
	"context"
	"net"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// Wrong in how long a client may take.
var wrongTimes = []lesson.Wrong[Subject]{
	{
		Name: "sets its deadline once", Case: "idle",
		Message: "a client that sends something every 40 s was cut",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			idle, handler := s.IdleTimeout, s.Handler
			s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				if idle > 0 {
					conn.SetReadDeadline(time.Now().Add(idle))
				}
				return handler.ServeTCP(ctx, conn)
			})
			return s.Serve
		}),
	},
	{
		Name: "gives a writer all the time in the world", Case: "write-timeout",
		Message: "a client that never reads holds its handler",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			s.WriteTimeout = 0
			return s.Serve
		}),
	},
	{
		Name: "moves the deadline that was meant to end it", Case: "idle-and-stop",
		Message: "got a new idle limit",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			idle := s.IdleTimeout
			s.IdleTimeout = 0
			return onListener(s, func(accept acceptFunc) acceptFunc {
				return func() (net.Conn, error) {
					conn, err := accept()
					if err != nil {
						return nil, err
					}
					return idleConn{conn, idle}, nil
				}
			})
		}),
	},
}

// An idleConn sets the read deadline before each Read, whoever else has set one.
type idleConn struct {
	net.Conn
	idle time.Duration
}

func (c idleConn) Read(p []byte) (int, error) {
	if c.idle > 0 {
		c.SetReadDeadline(time.Now().Add(c.idle))
	}
	return c.Conn.Read(p)
}

func (c idleConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }
