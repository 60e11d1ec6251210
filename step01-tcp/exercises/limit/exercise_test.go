package limit

import (
	"context"
	"net"
	"testing"

	"golang.org/x/net/netutil"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

var cases = lesson.Pick(tcptest.ServerCases(),
	"limit", "limit-before-accept", "limit-after-panic", "limit-after-close", "limit-closes-at-once", "limit-half-close", "limit-after-failure", "limit-stops")

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, answer(func(listener net.Listener, n int) net.Listener { return New(listener, n) }),
		lesson.JudgeInBubble[tcptest.Subject])
}

type limitFunc func(listener net.Listener, n int) net.Listener

// answer puts the exercise's limit, instead of the server's own, around the listener.
func answer(limit limitFunc) tcptest.Subject {
	return tcptest.Subject{Network: lesson.Memory, New: func(settings *tcp.Server) tcptest.Server {
		n := settings.MaxConns
		settings.MaxConns = 0
		return tcptest.ServeFunc(func(ctx context.Context, listener net.Listener) error {
			return settings.Serve(ctx, limit(listener, n))
		})
	}}
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[tcptest.Subject]{
		{
			Name: "takes the slot, and never gives it back", Case: "limit",
			Message: "a client that had to wait was not served",
			Subject: answer(func(listener net.Listener, n int) net.Listener {
				return &slotted{Listener: listener, slots: make(chan struct{}, n)}
			}),
		},
		{
			Name: "gives a slot back at every Close", Case: "limit-after-close",
			Message: "was a slot given back twice?", Sometimes: []string{"limit-closes-at-once"},
			Subject: answer(func(listener net.Listener, n int) net.Listener {
				return &slotted{Listener: listener, slots: make(chan struct{}, n), giveBack: true}
			}),
		},
		{
			Name: "remembers with a flag that it has given the slot back", Case: "limit-closes-at-once",
			Message: "two goroutines use the same memory at the same time, and one of them writes",
			Racy:    true,
			Subject: answer(func(listener net.Listener, n int) net.Listener {
				return &slotted{Listener: listener, slots: make(chan struct{}, n), giveBack: true, once: true}
			}),
		},
		{
			Name: "hides CloseWrite", Case: "limit-half-close",
			Message: "CloseWrite cannot be reached through the limit",
			Subject: answer(func(listener net.Listener, n int) net.Listener { return netutil.LimitListener(listener, n) }),
		},
		{
			Name: "accepts, and then takes the slot", Case: "limit-before-accept",
			Message:   "what becomes of the third client?",
			Sometimes: []string{"limit-after-close", "limit-closes-at-once"},
			Subject: answer(func(listener net.Listener, n int) net.Listener {
				return &slotted{Listener: listener, slots: make(chan struct{}, n), giveBack: true, late: true}
			}),
		},
	}, lesson.JudgeInBubble[tcptest.Subject])
}

// slotted is a limit without sync.Once, and without an end of the waiting.
type slotted struct {
	net.Listener
	slots    chan struct{}
	giveBack bool
	once     bool
	late     bool
}

func (l *slotted) Accept() (net.Conn, error) {
	if !l.late {
		l.slots <- struct{}{}
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if l.late {
		l.slots <- struct{}{}
	}
	return &slottedConn{Conn: conn, listener: l}, nil
}

type slottedConn struct {
	net.Conn
	listener *slotted
	gaveBack bool
}

func (c *slottedConn) Close() error {
	if c.listener.giveBack && !c.gaveBack {
		c.gaveBack = c.listener.once
		select {
		case <-c.listener.slots:
		default:
		}
	}
	return c.Conn.Close()
}

func (c *slottedConn) CloseWrite() error { return tcp.CloseWrite(c.Conn) }
