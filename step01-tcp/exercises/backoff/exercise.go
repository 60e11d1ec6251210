//go:build !solution

package backoff

import (
	"context"
	"net"

	"example.com/async/internal/lesson"
)

// Accept returns the next connection of listener.
//
// Some accept errors pass by themselves: syscall.EMFILE, ENFILE, ECONNABORTED, EINTR,
// ENOBUFS and ENOMEM, wrapped in a *net.OpError (errors.Is finds them). After
// such an error Accept waits 5 ms and tries again; then 10 ms, 20 ms and so on, but never
// longer than 1 s. When ctx ends, it stops waiting at once and returns ctx.Err().
//
// Every other error is returned, wrapped, so that errors.Is still finds it.
func Accept(ctx context.Context, listener net.Listener) (net.Conn, error) {
	return nil, lesson.ErrNotStarted
}
