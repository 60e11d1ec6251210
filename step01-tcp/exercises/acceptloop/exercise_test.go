package acceptloop

import (
	"context"
	"io"
	"log"
	"net"
	"sync"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

var cases = lesson.Pick(tcptest.ServerCases(),
	"isolation", "closes", "panic", "stop-refuses", "stop-context", "stop-waits", "stop-last-moment", "closed-listener")

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // the panics of the cases are meant to happen
	m.Run()
}

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, answer(Serve), lesson.JudgeInBubble[tcptest.Subject])
}

type serveFunc func(ctx context.Context, listener net.Listener, handler tcp.Handler) error

func answer(serve serveFunc) tcptest.Subject {
	return tcptest.Subject{Network: lesson.Memory, New: func(settings *tcp.Server) tcptest.Server {
		return tcptest.ServeFunc(func(ctx context.Context, listener net.Listener) error {
			return serve(ctx, listener, settings.Handler)
		})
	}}
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[tcptest.Subject]{
		{
			Name: "handles before it accepts the next", Case: "isolation",
			Message: "is each connection served on its own?",
			Subject: answer(loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, _ *sync.WaitGroup) {
				handle(ctx, conn, handler)
			})),
		},
		{
			Name: "leaves the connection open", Case: "closes",
			Message: "who closes it?",
			Subject: answer(loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, handlers *sync.WaitGroup) {
				handlers.Go(func() {
					defer func() { recover() }()
					handler.ServeTCP(ctx, conn)
				})
			})),
		},
		{
			Name: "recovers on the wrong goroutine", Case: "panic",
			Message: "it ended the whole process: panic: as the case asked",
			Subject: answer(loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, handlers *sync.WaitGroup) {
				defer func() { recover() }()
				handlers.Go(func() {
					defer conn.Close()
					handler.ServeTCP(ctx, conn)
				})
			})),
		},
		{
			Name: "looks at the context only between two clients", Case: "stop-refuses",
			Message: "is the listener closed?",
			Subject: answer(func(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
				defer listener.Close()
				var handlers sync.WaitGroup
				defer handlers.Wait()
				for ctx.Err() == nil {
					conn, err := listener.Accept()
					if err != nil {
						return err
					}
					handlers.Go(func() { handle(ctx, conn, handler) })
				}
				return nil
			}),
		},
		{
			Name: "gives the handlers a context that never ends", Case: "stop-context",
			Message: "the handler could not say goodbye",
			Subject: answer(loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, _ *sync.WaitGroup) {
				go handle(context.WithoutCancel(ctx), conn, handler)
			})),
		},
		{
			Name: "waits for nobody", Case: "stop-waits",
			Message: "who would wait for it?",
			Subject: answer(loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, _ *sync.WaitGroup) {
				go handle(ctx, conn, handler)
			})),
		},
		{
			Name: "counts a handler when it runs, not when it is started", Case: "stop-last-moment",
			Message: "did it know of that one?",
			Subject: answer(loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, handlers *sync.WaitGroup) {
				begin := func() { handlers.Add(1) } // a detour: go vet knows the usual form of this fault
				go func() {
					begin()
					defer handlers.Done()
					handle(ctx, conn, handler)
				}()
			})),
		},
		{
			Name: "returns nil whatever ended it", Case: "closed-listener",
			Message: "nobody has stopped the server",
			Subject: answer(func(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
				loop(func(ctx context.Context, conn net.Conn, handler tcp.Handler, handlers *sync.WaitGroup) {
					handlers.Go(func() { handle(ctx, conn, handler) })
				})(ctx, listener, handler)
				return nil
			}),
		},
	}, lesson.JudgeInBubble[tcptest.Subject])
}

// loop is right but for what start does with each connection.
func loop(start func(context.Context, net.Conn, tcp.Handler, *sync.WaitGroup)) serveFunc {
	return func(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
		defer context.AfterFunc(ctx, func() { listener.Close() })()
		var handlers sync.WaitGroup
		defer handlers.Wait()
		for {
			conn, err := listener.Accept()
			switch {
			case ctx.Err() != nil:
				if err == nil {
					conn.Close()
				}
				return nil
			case err != nil:
				return err
			}
			start(ctx, conn, handler, &handlers)
		}
	}
}

// handle is what each goroutine of a right loop does.
func handle(ctx context.Context, conn net.Conn, handler tcp.Handler) {
	defer conn.Close()
	defer func() { recover() }()
	handler.ServeTCP(ctx, conn)
}
