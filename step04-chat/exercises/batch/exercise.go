//go:build !solution

package batch

import (
	"context"
	"io"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// Write does what OneByOne does, with fewer writes:
//
//   - It waits for one message. Then it takes with TryRecv what is there already, and all of
//     that leaves in one Write. What comes while that Write waits for the client is the next batch.
//   - It takes no more when the batch has MostWrite bytes: what is left is for the next Write.
//   - It never waits for more to come: a message that is alone leaves at once.
//   - The notice of missed messages is a part of the batch, in its place.
//
// And as before: when the channel ends, what is left is written, and Write returns nil. When ctx ends it
// returns ctx.Err(); when conn.Write fails, that error. It doesn't change the bytes
// of a message: others are writing them, too.
//
// (net.Buffers also makes one system call of many slices, but only on a connection of the system.
// Here one buffer will do.)
func Write(ctx context.Context, conn io.Writer, messages *broadcast.Receiver[[]byte]) error {
	return lesson.ErrNotStarted
}
