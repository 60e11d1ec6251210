package models

import (
	"context"
	"log/slog"
	"net"
	"time"

	"example.com/async/step01-tcp/models/model"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A Model is a way to serve connections, under the name that it has in the tables of steps 1 and 3.
type Model struct {
	Name  string
	serve func(ctx context.Context, n Network, begin beginner) error
}

// A beginner is told that a handler has got the connection of a peer, and what it returns that the handler has ended.
type beginner func(peer net.Addr) (end func())

// All returns step 1's models, and the event loop of step 3. Each serves the echo of its step.
func All() []Model {
	return []Model{
		{"one at a time", withHandler(model.OneAtATime)},
		{"a thread each", withHandler(model.ThreadEach)},
		{"a goroutine each", withHandler(model.GoroutineEach)},
		{"an event loop", eventLoop},
	}
}

// withHandler runs a model of step 1 with a handler that says when it begins and ends.
func withHandler(serve func(context.Context, net.Listener, tcp.Handler) error) func(context.Context, Network, beginner) error {
	return func(ctx context.Context, n Network, begin beginner) error {
		return serve(ctx, n.Listener, tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
			defer begin(conn.RemoteAddr())()
			return tcp.Echo(ctx, conn)
		}))
	}
}

// drainTimeout is how long the event loop waits for connections at its end: the clients have gone by then.
const drainTimeout = time.Second

// eventLoop is the server of step 3's go run ./step03-statemachine/models, with a handler that says when it begins
// and ends.
func eventLoop(ctx context.Context, n Network, begin beginner) error {
	server := &asyncnet.Server{
		Handler: func(ctx context.Context, rt *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
			return &watched{asyncnet.Echo(ctx, rt, conn), begin(conn.RemoteAddr())}
		},
		Network:      n.Poll,
		DrainTimeout: drainTimeout,
		Logger:       slog.New(slog.DiscardHandler),
	}
	return server.Serve(ctx, n.Listener)
}

// A watched Future calls end when it is ready.
type watched struct {
	future.Future[error]
	end func()
}

// Poll polls the Future.
func (w *watched) Poll(cx *future.Context) (err error, ready bool) {
	if err, ready = w.Future.Poll(cx); ready {
		w.end()
	}
	return err, ready
}

// Cancel cancels the Future.
func (w *watched) Cancel() {
	future.Cancel(w.Future)
	w.end()
}

var _ future.Canceler = (*watched)(nil)
