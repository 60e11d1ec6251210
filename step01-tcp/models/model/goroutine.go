package model

import (
	"context"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
)

// drainTimeout is how long GoroutineEach waits for its handlers at the end.
const drainTimeout = 5 * time.Second

// GoroutineEach serves each connection on a goroutine. The Go runtime runs all
// goroutines on a few threads: one that waits for bytes costs its stack, and no thread.
//
// It blocks as [tcp.Server.Serve] does, which it calls, and closes the listener.
func GoroutineEach(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
	server := &tcp.Server{Handler: handler, DrainTimeout: drainTimeout}
	return server.Serve(ctx, listener)
}
