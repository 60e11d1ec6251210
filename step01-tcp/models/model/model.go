package model

import (
	"context"
	"net"

	"example.com/async/step01-tcp/tcp"
)

// A Model is an echo server (RFC 862) built in one particular way.
type Model struct {
	// Name says in a few words what serves a connection: "a goroutine each". It is
	// unique in a list of models.
	Name string
	// Serve echoes on the listener's connections until ctx ends, closes the
	// listener, and returns nil; or it returns why it could not go on. Measure gives it a
	// [*net.TCPListener].
	Serve func(ctx context.Context, listener net.Listener) error
}

// All returns the models of this step, each of which serves [tcp.Echo].
func All() []Model {
	return []Model{
		{Name: "one at a time", Serve: echo(OneAtATime)},
		{Name: "a thread each", Serve: echo(ThreadEach)},
		{Name: "a goroutine each", Serve: echo(GoroutineEach)},
	}
}

// echo makes an echo server of a way to serve handlers.
func echo(serve func(context.Context, net.Listener, tcp.Handler) error) func(context.Context, net.Listener) error {
	return func(ctx context.Context, listener net.Listener) error {
		return serve(ctx, listener, tcp.HandlerFunc(tcp.Echo))
	}
}
