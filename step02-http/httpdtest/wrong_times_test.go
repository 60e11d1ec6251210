package httpdtest

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// never is longer than any case is willing to wait.
const never = 1000 * time.Hour

// Wrong in how long clients may take, and in how the server stops.
var wrongTimes = []lesson.Wrong[Subject]{
	{
		Name: "has no limit for the head: slowloris holds it", Case: "head-timeout",
		Message: "the client sends its head a byte a second",
		Subject: withSettings(func(s *httpd.Server) { s.Timeouts.Head = never }),
	},
	{
		Name: "gives each Read the time that the whole head should have", Case: "head-timeout",
		Message: "the client sends its head a byte a second",
		Subject: withConn(func(conn net.Conn) net.Conn { return &patientConn{Conn: conn} }),
	},
	{
		Name: "waits for the rest of a body for ever", Case: "body-timeout",
		Message: "the client has sent half a body, and goes on waiting",
		Subject: withSettings(func(s *httpd.Server) { s.Timeouts.Body = never }),
	},
	{
		Name: "keeps idle connections for ever", Case: "idle-timeout",
		Message: "60 s after its last response an idle connection is closed",
		Subject: withSettings(func(s *httpd.Server) { s.Timeouts.Idle = never }),
	},
	{
		Name: "says 408 to an idle client", Case: "idle-timeout",
		Message: "who never says anything is idle, too",
		Subject: withConn(func(conn net.Conn) net.Conn {
			idle := true
			return &wrongConn{Conn: conn, read: func(p []byte) (int, error) {
				n, err := conn.Read(p)
				if idle = idle && n == 0; idle && errors.Is(err, os.ErrDeadlineExceeded) {
					idle = false
					io.WriteString(conn, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
				}
				return n, err
			}}
		}),
	},
	{
		Name: "waits for ever until a client has read", Case: "write-timeout",
		Message: "the handler of a client that doesn't read should have ended long ago",
		Subject: withSettings(func(s *httpd.Server) { s.Timeouts.Write = never }),
	},
	{
		Name: "gives a whole response the time that a piece should have", Case: "write-progress",
		Message: "the client reads 64 KiB every 8 s",
		Subject: withConn(func(conn net.Conn) net.Conn { return &hastyConn{Conn: conn} }),
	},
	{
		Name: "has its limits built in", Case: "limits-are-settings",
		Message: "the limit for bodies is 10 bytes here",
		Subject: withSettings(func(s *httpd.Server) { s.Limits, s.Timeouts = http1.Limits{}, httpd.Timeouts{} }),
	},

	{
		Name: "lets idle clients time out when it stops", Case: "stop-idle",
		Message: "the server stops: a connection without a request is closed",
		Subject: withConn(func(conn net.Conn) net.Conn { return deafConn{conn} }),
	},
	{
		Name: "cuts every connection when it stops", Case: "stop-busy",
		Message: "the server was told to stop in the middle of this request",
		// There the handler is told at the same moment, and may be faster.
		Sometimes: []string{"stop-handler"},
		Subject: wrong(func(s *httpd.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				server := &tcp.Server{Logger: s.Logger, Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
					defer context.AfterFunc(ctx, func() { conn.Close() })()
					return s.ServeTCP(ctx, conn)
				})}
				return server.Serve(ctx, listener)
			}
		}),
	},
	{
		Name: "tells its handlers nothing of the stop", Case: "stop-handler",
		Message: "the handler was running when the server was told to stop",
		Subject: withAnswers(answers{ctx: context.WithoutCancel}),
	},
	{
		Name: "waits for every request that has begun", Case: "stop-cuts",
		Message: "a client holds the server up with half a request",
		Subject: withSettings(func(s *httpd.Server) { s.DrainTimeout = never }),
	},
}

// A patientConn takes a deadline for a limit on each Read.
type patientConn struct {
	net.Conn
	limit time.Duration
}

func (c *patientConn) SetReadDeadline(t time.Time) error {
	c.limit = time.Until(t)
	return c.Conn.SetReadDeadline(t)
}

func (c *patientConn) Read(p []byte) (int, error) {
	if c.limit > 0 {
		c.Conn.SetReadDeadline(time.Now().Add(c.limit))
	}
	return c.Conn.Read(p)
}

func (c *patientConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }

// A hastyConn sets its first write deadline only.
type hastyConn struct {
	net.Conn
	set bool
}

func (c *hastyConn) SetWriteDeadline(t time.Time) error {
	if c.set {
		return nil
	}
	c.set = true
	return c.Conn.SetWriteDeadline(t)
}

func (c *hastyConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }

// A deafConn can't be woken by a deadline in the past.
type deafConn struct{ net.Conn }

func (c deafConn) SetReadDeadline(t time.Time) error {
	if t.Before(time.Now()) {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

func (c deafConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }
