//go:build solution

package echo

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

func Echo(ctx context.Context, conn net.Conn) error {
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()

	buffer := make([]byte, 4096)
	for {
		n, readErr := conn.Read(buffer)
		if _, err := conn.Write(buffer[:n]); err != nil {
			return err
		}
		switch {
		case errors.Is(readErr, io.EOF), readErr != nil && ctx.Err() != nil:
			return nil
		case readErr != nil:
			return readErr
		}
	}
}
