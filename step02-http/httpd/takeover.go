package httpd

import "time"

// handOver ends the part of HTTP on a connection: its last response is sent, and from
// then on it belongs to take.
func (c *conn) handOver(take Takeover) error {
	if err := c.flush(); err != nil {
		return err
	}
	buffered := c.Buffered()
	c.release() // another connection can use the memory
	// The stop wakes this connection no more. If it has begun to already, that
	// comes too late for nobody: ctx has ended.
	c.stopWaking()
	if err := c.net.SetDeadline(time.Time{}); err != nil {
		return err
	}
	return take(c.ctx, c.net, buffered)
}
