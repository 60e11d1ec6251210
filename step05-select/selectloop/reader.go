package selectloop

import (
	"errors"
	"io"
	"time"

	"example.com/async/step04-chat/chat"
)

// An input is what one Read has given.
type input struct {
	bytes []byte // the reader's again when it is told to read on
	err   error
}

// read is the reader. It reads when it is told to, hands over what has come, and does nothing else: nothing that it
// waits for is ever given up. A Read that is abandoned half-way, because another case of a select was faster,
// would take with it what was typed so far.
//
// It ends after a Read that has failed, or when readOn is closed, and closes input then.
func (c *conn) read() {
	defer close(c.input)
	var buffer chat.ReadBuffer
	defer buffer.Free()
	for range c.readOn {
		n, err := c.net.Read(buffer.Room())
		c.input <- input{buffer.Filled(n), err}
		if err != nil {
			return
		}
	}
}

// feed tells the reader to read on when the client wants more; when there is no more, it tells the client so.
func (c *conn) feed() {
	switch {
	case !c.client.Hungry() || c.reading:
	case c.ended == nil:
		c.reading = true
		c.readOn <- struct{}{} // never blocks: there is room for one
	case errors.Is(c.ended, io.EOF):
		c.client.HearEnd(nil)
	default:
		c.client.HearEnd(c.ended)
	}
}

// hear takes over what the reader has read.
func (c *conn) hear(in input) {
	c.reading = false
	c.ended = in.err // for later: Read may return bytes and an error
	c.client.Hear(in.bytes)
}

// stopReader ends the reader, and waits for that. A Read that waits is woken by a deadline in the past.
func (c *conn) stopReader() {
	close(c.readOn)
	_ = c.net.SetReadDeadline(time.Unix(1, 0)) // fails if the connection is closed: as good
	for range c.input {
	}
	if c.ping != nil {
		c.ping.Stop()
	}
}
