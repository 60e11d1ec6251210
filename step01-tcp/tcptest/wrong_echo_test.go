package tcptest

import (
	"bufio"
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// The echo handlers of this museum have one classic fault each.
func TestEchoMuseum(t *testing.T) {
	lesson.Museum(t, EchoCases(), []lesson.Wrong[Subject]{
		{
			Name: "takes one Read of 1024 bytes for the message", Case: "echo",
			Message: "does the handler end after the first?",
			Subject: wrongEcho(func(_ context.Context, conn net.Conn) error {
				buffer := make([]byte, 1024)
				n, err := conn.Read(buffer)
				if err != nil {
					return err
				}
				_, err = conn.Write(buffer[:n])
				return err
			}),
		},
		{
			Name: "serves one client after the other", Case: "echo-isolation",
			Message: "is each connection served on its own?",
			Subject: wrong(func(*tcp.Server) ServeFunc {
				return loop(func(ctx context.Context, conn net.Conn) {
					defer conn.Close()
					tcp.Echo(ctx, conn)
				})
			}),
		},
		{
			Name: "waits for the end of a line", Case: "byte-by-byte",
			Message: "a single byte did not come back",
			Subject: wrongEcho(func(ctx context.Context, conn net.Conn) error {
				reader := bufio.NewReader(conn)
				for {
					line, err := reader.ReadString('\n')
					if _, err := io.WriteString(conn, line); err != nil {
						return err
					}
					if err != nil {
						return eofIsNil(err)
					}
				}
			}),
		},
		{
			Name: "answers each Read on a goroutine of its own", Case: "one-mebibyte",
			Message: "not the same bytes in the same order",
			Subject: wrongEcho(func(_ context.Context, conn net.Conn) error {
				var writers sync.WaitGroup
				defer writers.Wait()
				for i := 0; ; i++ {
					piece := make([]byte, 4096)
					n, err := conn.Read(piece)
					if err != nil {
						return eofIsNil(err)
					}
					writers.Go(func() {
						if i%2 == 0 && n == len(piece) {
							time.Sleep(time.Millisecond) // the scheduler's mood
						}
						conn.Write(piece[:n])
					})
				}
			}),
		},
		{
			Name: "reads everything before it answers", Case: "constant-memory",
			Message: "and the server holds",
			Subject: wrongEcho(func(_ context.Context, conn net.Conn) error {
				everything, err := io.ReadAll(conn)
				if err != nil {
					return err
				}
				_, err = conn.Write(everything)
				return err
			}),
		},
		{
			Name: "drops what is under way when the client has finished sending", Case: "half-close",
			Message: "not all of them came back",
			Subject: wrongEcho(func(_ context.Context, conn net.Conn) error {
				pieces := make(chan []byte, 1000)
				go func() {
					for piece := range pieces {
						conn.Write(piece)
					}
				}()
				defer close(pieces)
				for {
					piece := make([]byte, 4096)
					n, err := conn.Read(piece)
					if err != nil {
						return eofIsNil(err) // and the server closes
					}
					pieces <- piece[:n]
				}
			}),
		},
		{
			Name: "takes a short write for a complete one", Case: "slow-reader",
			Message: "the client began to read late",
			Subject: wrongEcho(func(_ context.Context, conn net.Conn) error {
				buffer := make([]byte, 4096)
				for {
					n, err := conn.Read(buffer)
					if err != nil {
						return eofIsNil(err)
					}
					// "Never block in a write": but then the rest must be kept.
					conn.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
					conn.Write(buffer[:n])
				}
			}),
		},
		{
			Name: "raises the alarm when a client resets", Case: "reset",
			Message: "a client's reset was logged",
			Subject: wrong(func(s *tcp.Server) ServeFunc {
				logger := s.Logger
				s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
					err := tcp.Echo(ctx, conn)
					if err != nil {
						logger.Error("echo failed", "err", err)
					}
					return err
				})
				return s.Serve
			}),
		},
		{
			Name: "does not hear the context", Case: "echo-stops",
			Message: "an echo handler still waits for its client",
			Subject: withHandler(func(tcp.Handler) tcp.HandlerFunc {
				return func(_ context.Context, conn net.Conn) error {
					_, err := io.Copy(conn, conn)
					return err
				}
			}),
		},
		{
			Name: "leaks a goroutine for each client that vanishes", Case: "come-and-go",
			Message: "goroutines more than before",
			Subject: wrongEcho(func(ctx context.Context, conn net.Conn) error {
				// "Close the connection when the server stops": but when the client
				// goes first, this goroutine stays.
				go func() {
					<-ctx.Done()
					conn.Close()
				}()
				return tcp.Echo(ctx, conn)
			}),
		},
	}, lesson.JudgeInBubble[Subject])
}

// wrongEcho makes a subject of a wrong handler on the right server.
func wrongEcho(handler tcp.HandlerFunc) Subject {
	return wrong(func(s *tcp.Server) ServeFunc {
		s.Handler = tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
			// These handlers know nothing of the context, which is not their fault here.
			defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
			return handler(ctx, conn)
		})
		return s.Serve
	})
}

func eofIsNil(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
