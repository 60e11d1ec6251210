package httpd

import (
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// refuse answers a request that is wrong or incomplete, and ends the connection.
func (c *conn) refuse(refusal *http1.Error) error {
	c.Refuse(refusal)
	if _, err := c.respond(); err != nil {
		return err
	}
	return c.finish()
}

// finish sends what waits to be sent, and sees to it that it can be read, as [tcp.Linger] does, but with this
// connection's buffer and clock. It returns as soon as the client closes too, which is at once for those that
// asked for the end. To trust them, and not to wait, would spare one Read; but who has asked may still have
// sent more.
func (c *conn) finish() error {
	if err := c.flush(); err != nil {
		return err
	}
	if err := tcp.CloseWrite(c.net); err != nil {
		return nil // there is no half-close here, or no client any more
	}
	c.phase, c.until = waitsClose, time.Now().Add(tcp.LingerTime)
	for drained := 0; drained < tcp.LingerBytes; drained += len(c.in.bytes) {
		c.in.clear()
		if err := c.wait(); err != nil {
			return nil // the client has closed, or had its time
		}
	}
	return nil
}
