package chat

import (
	"net"
	"time"
)

// A WriteDeadline keeps the time limit for writes. To set a deadline costs nearly as much as a
// small write, so it is set an eighth later than asked for, and serves until it is too early. Set Limit before its first use.
type WriteDeadline struct {
	Limit time.Duration // how long a write may take

	until time.Time
}

// Arm sees to it that a write to conn that begins now fails after Limit, or up to an eighth later.
func (d *WriteDeadline) Arm(conn net.Conn) error {
	now := time.Now()
	if d.until.Sub(now) >= d.Limit {
		return nil
	}
	d.until = now.Add(d.Limit + d.Limit/8)
	return conn.SetWriteDeadline(d.until)
}
