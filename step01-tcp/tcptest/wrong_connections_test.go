package tcptest

import (
	"context"
	"log/slog"
	"net"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// Wrong in what becomes of a connection and its handler.
var wrongConnections = []lesson.Wrong[Subject]{
	{
		Name: "accepts one at a time", Case: "isolation",
		Message: "is each connection served on its own?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return loop(func(ctx context.Context, conn net.Conn) {
				defer conn.Close()
				s.Handler.ServeTCP(ctx, conn) // no go statement
			})
		}),
	},
	{
		Name: "forgets to close", Case: "closes",
		Message: "who closes it?",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return loop(func(ctx context.Context, conn net.Conn) {
				go s.Handler.ServeTCP(ctx, conn)
			})
		}),
	},
	{
		Name: "takes a second Close for trouble", Case: "close-twice",
		Message: "closing twice must be harmless",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return loop(func(ctx context.Context, conn net.Conn) {
				go func() {
					s.Handler.ServeTCP(ctx, conn)
					if err := conn.Close(); err != nil {
						s.Logger.Error("close failed", "err", err)
					}
				}()
			})
		}),
	},
	{
		Name: "lets a handler's panic kill the process", Case: "panic",
		Message: "it ended the whole process: panic: as the case asked",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			return loop(func(ctx context.Context, conn net.Conn) {
				go func() {
					defer conn.Close()
					s.Handler.ServeTCP(ctx, conn)
				}()
			})
		}),
	},
	{
		Name: "recovers, and does not say from what", Case: "panic-log",
		Message: "the log does not say with what",
		Subject: withHandler(func(next tcp.Handler) tcp.HandlerFunc {
			return func(ctx context.Context, conn net.Conn) error {
				defer func() { recover() }()
				return next.ServeTCP(ctx, conn)
			}
		}),
	},
	{
		Name: "logs an abort like a panic", Case: "abort",
		Message: "a silent abort was logged",
		Subject: withHandler(func(next tcp.Handler) tcp.HandlerFunc {
			return func(ctx context.Context, conn net.Conn) error {
				defer func() {
					if cause := recover(); cause != nil {
						panic(slog.AnyValue(cause).String())
					}
				}()
				return next.ServeTCP(ctx, conn)
			}
		}),
	},
	{
		Name: "logs every client that vanishes", Case: "quiet-errors",
		Message: "an ordinary end of a connection was logged",
		Subject: wrong(func(s *tcp.Server) ServeFunc {
			handler, logger := s.Handler, s.Logger
			s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				err := handler.ServeTCP(ctx, conn)
				if err != nil {
					logger.Warn("connection failed", "err", err)
				}
				return err
			})
			return s.Serve
		}),
	},
}
