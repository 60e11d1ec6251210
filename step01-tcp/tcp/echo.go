package tcp

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// echoBufferSize is what one idle echo connection costs besides its goroutine.
// A larger buffer would need fewer system calls for large transfers.
const echoBufferSize = 4 << 10

// Echo sends back every byte that it receives, in order, until the client has
// finished sending. TCP is a stream (RFC 9293 section 3.8): how the client cut
// its bytes into writes cannot be seen here, so nothing depends on it.
//
// When ctx ends, Echo sends back what it has read and returns nil. Otherwise it
// returns the error of the Read or Write that failed.
func Echo(ctx context.Context, conn net.Conn) error {
	// A Read that waits knows nothing of ctx: a deadline in the past wakes it.
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()

	buffer := make([]byte, echoBufferSize)
	for {
		n, readErr := conn.Read(buffer)
		// First the bytes, then the error: Read may return both.
		if n > 0 {
			if _, err := conn.Write(buffer[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(readErr, io.EOF):
			return nil // the client has half-closed, and has got everything back
		case readErr != nil && ctx.Err() != nil:
			return nil
		case readErr != nil:
			return readErr
		}
	}
}
