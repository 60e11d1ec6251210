package tcptest

import (
	"context"
	"net"
	"slices"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// The accept loops of this museum have one classic fault each. Some are written
// out, because the fault is in their shape; the others put a fault in front of tcp.Server.
func TestServerMuseum(t *testing.T) {
	lesson.Museum(t, ServerCases(), slices.Concat(wrongConnections, wrongAccepts, wrongLimits, wrongStops, wrongTimes), lesson.JudgeInBubble[Subject])
}

// wrong makes a subject of a function that turns settings into a server.
func wrong(newServer func(*tcp.Server) ServeFunc) Subject {
	return Subject{Network: lesson.Memory, New: func(s *tcp.Server) Server { return newServer(s) }}
}

// withHandler puts something wrong around the handler.
func withHandler(around func(tcp.Handler) tcp.HandlerFunc) Subject {
	return wrong(func(s *tcp.Server) ServeFunc {
		s.Handler = around(s.Handler)
		return s.Serve
	})
}

type acceptFunc = func() (net.Conn, error)

// withAccept puts something wrong between the listener and the accept loop.
func withAccept(around func(acceptFunc) acceptFunc) Subject {
	return wrong(func(s *tcp.Server) ServeFunc { return onListener(s, around) })
}

func onListener(s *tcp.Server, around func(acceptFunc) acceptFunc) ServeFunc {
	return func(ctx context.Context, listener net.Listener) error {
		return s.Serve(ctx, changedListener{listener, around(listener.Accept)})
	}
}

type changedListener struct {
	net.Listener
	accept acceptFunc
}

func (l changedListener) Accept() (net.Conn, error) { return l.accept() }

// loop is the accept loop that everybody writes first; start is called with each connection.
func loop(start func(ctx context.Context, conn net.Conn)) ServeFunc {
	return func(ctx context.Context, listener net.Listener) error {
		defer context.AfterFunc(ctx, func() { listener.Close() })()
		for {
			conn, err := listener.Accept()
			if ctx.Err() != nil {
				if err == nil {
					conn.Close()
				}
				return nil
			}
			if err != nil {
				return err
			}
			start(ctx, conn)
		}
	}
}

// Every case's name is unique: wrong programs, chapters and -run refer to it.
func TestCases_haveUniqueNamesRulesAndHints(t *testing.T) {
	var names []string
	for _, c := range slices.Concat(ServerCases(), EchoCases()) {
		if slices.Contains(names, c.Name) {
			t.Errorf("there are two cases %q", c.Name)
		}
		names = append(names, c.Name)
		for what, text := range map[string]string{"rule": c.Rule, "source": c.Source, "hint": c.Hint} {
			if text == "" {
				t.Errorf("case %q has no %s", c.Name, what)
			}
		}
	}
}
