//go:build solution

package batch

import (
	"context"
	"errors"
	"fmt"
	"io"

	"example.com/async/step04-chat/broadcast"
)

func Write(ctx context.Context, conn io.Writer, messages *broadcast.Receiver[[]byte]) error {
	var batch []byte
	for {
		batch = batch[:0]
		message, err := messages.Recv(ctx) // this one waits
		for {
			lagged, isLagged := errors.AsType[*broadcast.LaggedError](err)
			if isLagged {
				batch = fmt.Appendf(batch, "* you missed %d messages\n", lagged.Missed)
			} else if err == nil {
				batch = append(batch, message...)
			} else {
				break
			}
			if len(batch) >= MostWrite {
				break
			}
			message, err = messages.TryRecv()
		}
		if len(batch) > 0 {
			if _, err := conn.Write(batch); err != nil {
				return err
			}
		}
		switch {
		case err == broadcast.ErrClosed:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}
