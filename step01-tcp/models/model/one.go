package model

import (
	"context"
	"fmt"
	"net"

	"example.com/async/step01-tcp/tcp"
)

// OneAtATime accepts a connection, serves it to its end, and only then accepts
// the next. While one client is connected, all others wait: the kernel completes their
// connections and keeps them in the backlog, and nobody reads what they send.
//
// It blocks until ctx ends, and returns nil, or until Accept fails, and returns
// that error. It closes the listener.
func OneAtATime(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
	return acceptEach(ctx, listener, func(conn net.Conn) {
		defer conn.Close()
		_ = handler.ServeTCP(ctx, conn) // its error concerns this client alone
	})
}

// acceptEach calls serve for each connection, until ctx ends or Accept fails. It
// is the accept loop without what [tcp.Server] adds: no limit, no second try
// after a transient error, no help against a handler that panics.
func acceptEach(ctx context.Context, listener net.Listener, serve func(net.Conn)) error {
	// Accept knows nothing of contexts: closing the listener is how to wake it.
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	defer listener.Close()
	for {
		conn, err := listener.Accept()
		switch {
		case err == nil:
			serve(conn)
		case ctx.Err() != nil:
			return nil
		default:
			return fmt.Errorf("model: accept on %v: %w", listener.Addr(), err)
		}
	}
}
