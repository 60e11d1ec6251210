//go:build !solution

package client

import (
	"context"
	"net"

	"example.com/async/internal/lesson"
)

// Serve is one client, from its arrival to its end. It joins the room. One goroutine reads from conn, and
// says each line (bufio.Scanner) to the others. Another one writes to conn what the others
// say, each message with a "\n". When Serve returns, both have ended, and the member has left, once.
//
// What can end a client:
//
//   - It has finished sending: Read returns io.EOF, the Scanner ends without an error. What the others
//     had said by then is still written, and nothing that came later: in a busy room there is always more. Then
//     Serve returns nil.
//   - ctx ends: the same. A Read that waits doesn't know ctx. A read deadline in the past wakes it; see
//     context.AfterFunc.
//   - It vanishes: a Read fails, or a Write. Serve returns that error, of the first that failed.
//   - It doesn't read: each Write may take WriteTimeout (conn.SetWriteDeadline), then it
//     fails with os.ErrDeadlineExceeded, and Serve returns that.
//
// The caller closes conn when Serve has returned. Serve may do so earlier: then a Read or
// Write that waits fails with net.ErrClosed, which isn't what went wrong.
func Serve(ctx context.Context, conn net.Conn, room *Room) error {
	return lesson.ErrNotStarted
}
