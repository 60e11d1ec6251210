package chat

import (
	"context"
	"errors"
	"io"

	"example.com/async/step04-chat/chat/lines"
)

// read hands on what the client says until it has finished (nil), ctx ends (nil), or reading fails.
func (c *client) read(ctx context.Context) error {
	var buffer ReadBuffer
	defer buffer.Free()
	for {
		n, err := c.conn.Read(buffer.Room())
		text, asked := c.telnet.Strip(buffer.Filled(n))
		if asked {
			c.asked.Store(true)
			signal(c.toWriter)
		}
		c.hear(text) // first the bytes, then the error: Read may return both

		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			if line, ok := c.decoder.End(); ok {
				c.say(line)
			}
			return nil
		case ctx.Err() != nil:
			return nil
		default:
			return err
		}
	}
}

// hear takes the lines out of what was read. When the client is cut off meanwhile, it leaves the
// rest: nothing slows this reader down any more, and thousands of them could keep all others from being heard.
func (c *client) hear(p []byte) {
	for {
		line, rest, err := c.decoder.Next(p)
		switch err {
		case lines.ErrMore:
			return
		case lines.ErrTooLong:
			c.tooLong.Add(1)
			signal(c.toWriter)
		default:
			c.pause()
			if c.pace.Due() {
				c.pace.Wait()
			}
			if c.gone.Load() {
				return
			}
			c.say(line)
		}
		p = rest
	}
}

// say sends a line to all others. It is rendered once, whoever many there are, into memory of its own: line is
// in the read buffer, which is used again.
func (c *client) say(line []byte) {
	if c.prefix == "" {
		c.prefix = "[" + c.conn.RemoteAddr().String() + "] "
	}
	text := make([]byte, 0, len(c.prefix)+len(line)+1)
	text = append(text, c.prefix...)
	text = append(text, line...)
	c.member.Send(append(text, '\n'))
}

// pause waits until the client's own writer has caught up, if it is behind: who talks faster than it listens is not
// listened to, and TCP makes it wait.
func (c *client) pause() {
	for c.member.Behind() {
		if _, open := <-c.toReader; !open {
			return // there is no writer any more
		}
	}
}

// Lagging implements [Follower].
//
// A client whose writer has ended still follows until its reader ends too, which may be the one that
// asks: it would wait for a writer that never takes anything again, and with it all other readers.
func (c *client) Lagging() bool { return !c.writing.Load() && c.member.Behind() && !c.gone.Load() }
