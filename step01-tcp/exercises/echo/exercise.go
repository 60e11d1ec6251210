//go:build !solution

package echo

import (
	"context"
	"net"

	"example.com/async/internal/lesson"
)

// Echo sends every byte back that it receives from conn, in order, until the client has
// finished sending (Read returns io.EOF: then the answer is nil). A client that
// sends 64 MiB must not cost 64 MiB of memory.
//
// ctx ends when the server stops. A Read that waits does not notice; a deadline in
// the past wakes it: see context.AfterFunc and net.Conn.SetReadDeadline. Then the answer is nil as well.
func Echo(ctx context.Context, conn net.Conn) error {
	return lesson.ErrNotStarted
}
