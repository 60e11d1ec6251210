package batch

import (
	"context"
	"errors"
	"fmt"
	"io"

	"example.com/async/step04-chat/broadcast"
)

// OneByOne writes to conn what others say, a message at a time. It is right, and slow.
func OneByOne(ctx context.Context, conn io.Writer, messages *broadcast.Receiver[[]byte]) error {
	for {
		message, err := messages.Recv(ctx)
		lagged, isLagged := errors.AsType[*broadcast.LaggedError](err)
		switch {
		case err == broadcast.ErrClosed:
			return nil
		case isLagged:
			message = fmt.Appendf(nil, "* you missed %d messages\n", lagged.Missed)
		case err != nil:
			return err // of ctx
		}
		if _, err := conn.Write(message); err != nil {
			return err
		}
	}
}
