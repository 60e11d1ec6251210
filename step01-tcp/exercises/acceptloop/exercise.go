//go:build !solution

package acceptloop

import (
	"context"
	"net"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// Serve gives each connection of listener to handler, until ctx ends.
//
//   - Each connection has its own goroutine: a silent client delays nobody.
//   - When the handler returns or panics, the connection is closed. A panic ends
//     nothing else. (An error that the handler returns may be ignored.)
//   - When ctx ends, no client is accepted any more, and Serve returns nil as soon as the
//     last handler has returned, also one that was started a moment ago. The handlers get
//     ctx, and end by themselves.
//   - When Accept fails though ctx has not ended, Serve returns the error.
func Serve(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
	return lesson.ErrNotStarted
}
