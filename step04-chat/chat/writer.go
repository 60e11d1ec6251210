package chat

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"example.com/async/step04-chat/chat/lines"
)

// A write takes messages until it has so many bytes. It is what a client that does not read holds
// besides the hub's share.
const fullWrite = 16 << 10

// writeBuffers are for writes that are being made: a client that has nothing to read has none.
var writeBuffers = sync.Pool{New: func() any { return new([]byte) }}

// writeAll is the writer, from beginning to end.
func (c *client) writeAll(ctx context.Context) {
	if c.writeErr = c.write(ctx.Done()); c.writeErr != nil {
		c.conn.Close()
	}
	c.gone.Store(true)
	close(c.toReader)
}

// write writes to the client what others say, until the reader has ended (nil) or a write fails.
func (c *client) write(stop <-chan struct{}) error {
	for {
		select {
		case <-c.member.Ready():
		case _, open := <-c.toWriter:
			if !open {
				return c.writeRest()
			}
		case <-stop:
			c.interrupt()
			stop = nil
		}
		// One message wakes all writers, and each write costs much more than what it writes. Who lets
		// the others run first finds more to take along.
		runtime.Gosched()
		if _, err := c.writeBatch(math.MaxInt); err != nil {
			return err
		}
	}
}

// interrupt ends the reader: a Read that waits knows nothing of a context, but a deadline in the past wakes it.
func (c *client) interrupt() { c.conn.SetReadDeadline(time.Unix(1, 0)) }

// writeRest writes what was pending when the client left. It stops there: in a flood, there is
// always more.
func (c *client) writeRest() error {
	for rest := c.member.Len(); ; {
		taken, err := c.writeBatch(rest)
		rest -= taken
		if err != nil || taken == 0 || rest <= 0 {
			return err
		}
	}
}

// writeBatch takes what is pending, at most so many messages and about fullWrite bytes, and writes
// it at once. It returns how many messages it took.
func (c *client) writeBatch(most int) (taken int, err error) {
	batch := writeBuffers.Get().(*[]byte)
	*batch, taken = c.appendPending((*batch)[:0], most)
	if len(*batch) > 0 { // else it was the client's own message that woke its writer
		if err = c.deadline.Arm(c.conn); err == nil {
			err = c.writeBytes(*batch)
		}
	}
	writeBuffers.Put(batch)
	signal(c.toReader)
	return taken, err
}

func (c *client) writeBytes(batch []byte) error {
	c.writing.Store(true)
	_, err := c.conn.Write(batch)
	c.writing.Store(false)
	if err != nil {
		return fmt.Errorf("chat: a client does not read, or is gone: %w", err)
	}
	return nil
}

// appendPending appends notices and messages to batch until none is left or it is full. Each message
// that it took counts, and each gap.
func (c *client) appendPending(batch []byte, most int) (_ []byte, taken int) {
	batch = c.appendAnswers(batch)
	for ; taken < most && len(batch) < fullWrite; taken++ {
		message, err := c.member.TryRecv()
		if err == nil {
			batch = append(batch, message...)
			continue
		}
		missed := missedBy(err)
		if missed == 0 {
			break // there is nothing left
		}
		batch = appendMissed(batch, missed)
	}
	return batch, taken
}

// appendAnswers appends what the client's own lines have led to.
func (c *client) appendAnswers(batch []byte) []byte {
	if c.asked.Swap(false) {
		batch = append(batch, lines.NoTimingMark...)
	}
	if n := c.tooLong.Swap(0); n > 0 {
		batch = appendTooLong(batch, n)
	}
	return batch
}

func appendTooLong(batch []byte, n int64) []byte {
	if n == 1 {
		return append(batch, "* your line was too long and nobody has got it\n"...)
	}
	return fmt.Appendf(batch, "* %d of your lines were too long and nobody has got them\n", n)
}

func appendMissed(batch []byte, n uint64) []byte {
	if n == 1 {
		return append(batch, "* you missed 1 message\n"...)
	}
	return fmt.Appendf(batch, "* you missed %d messages\n", n)
}
