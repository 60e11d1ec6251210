package echo

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// cases judge a handler, so those that judge the accept loop are left out.
var cases = lesson.Pick(tcptest.EchoCases(),
	"echo", "byte-by-byte", "one-mebibyte", "half-close", "constant-memory", "echo-stops")

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, answer(Echo), lesson.JudgeInBubble[tcptest.Subject])
}

// answer puts a handler on this step's server.
func answer(handler tcp.HandlerFunc) tcptest.Subject {
	return tcptest.Subject{Network: lesson.Memory, New: func(settings *tcp.Server) tcptest.Server {
		settings.Handler = handler
		return settings
	}}
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[tcptest.Subject]{
		{
			Name: "reads once", Case: "echo",
			Message: "does the handler end after the first?",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
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
			Name: "waits for a full buffer", Case: "byte-by-byte",
			Message: "a single byte did not come back",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
				buffer := make([]byte, 4<<10)
				for {
					n, err := io.ReadFull(conn, buffer)
					if _, err := conn.Write(buffer[:n]); err != nil || n == 0 {
						return err
					}
					if err != nil {
						return nil
					}
				}
			}),
		},
		{
			Name: "writes the whole buffer, not what was read", Case: "one-mebibyte",
			Message: "not the same bytes in the same order",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
				buffer := make([]byte, 3000)
				for {
					if _, err := conn.Read(buffer); err != nil {
						return nil
					}
					if _, err := conn.Write(buffer); err != nil {
						return err
					}
				}
			}),
		},
		{
			Name: "drops the last piece", Case: "half-close",
			Message: "not all of them came back",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
				var held []byte
				for {
					piece := make([]byte, 4096)
					n, err := conn.Read(piece)
					if err != nil {
						return nil // held is lost
					}
					if _, err := conn.Write(held); err != nil {
						return err
					}
					held = piece[:n]
				}
			}),
		},
		{
			Name: "keeps everything until the client has finished", Case: "constant-memory",
			Message: "and the server holds",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
				everything, err := io.ReadAll(conn)
				if err != nil {
					return err
				}
				_, err = conn.Write(everything)
				return err
			}),
		},
		{
			Name: "calls the end an error", Case: "half-close",
			Message: "the handler called it an error",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
				buffer := make([]byte, 4096)
				for {
					n, err := conn.Read(buffer)
					if err != nil {
						return err // io.EOF too
					}
					if _, err := conn.Write(buffer[:n]); err != nil {
						return err
					}
				}
			}),
		},
		{
			Name: "calls the stop an error", Case: "echo-stops",
			Message: "the handler called that an error",
			Subject: answer(func(ctx context.Context, conn net.Conn) error {
				defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
				_, err := io.Copy(conn, conn)
				return err
			}),
		},
		{
			Name: "does not hear the context", Case: "echo-stops",
			Message: "an echo handler still waits for its client",
			Subject: answer(func(_ context.Context, conn net.Conn) error {
				_, err := io.Copy(conn, conn)
				return err
			}),
		},
	}, lesson.JudgeInBubble[tcptest.Subject])
}
