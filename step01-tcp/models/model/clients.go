package model

import (
	"context"
	"io"
	"net"
	"time"
)

// mostDialing is how many clients connect at the same time. More would overflow the
// listen backlog, and the kernel tries again only after a second: that would be
// measured, and not the model.
const mostDialing = 100

// clients are many clients of one server.
type clients struct {
	address string
	dialing chan struct{} // one for each client that connects right now
}

func clientsOf(address string) *clients {
	return &clients{address: address, dialing: make(chan struct{}, mostDialing)}
}

// ask connects one client, sends a byte and waits until it comes back, or until
// ctx ends. Only then is it certain that somebody serves the connection: that it stands
// says nothing, because the kernel accepts it into the backlog by itself.
// The caller closes the connection.
func (c *clients) ask(ctx context.Context) (net.Conn, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	// Reads and writes know nothing of ctx: a deadline in the past wakes them.
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	message := []byte{'?'}
	if _, err := conn.Write(message); err != nil {
		conn.Close()
		return nil, err
	}
	if _, err := io.ReadFull(conn, message); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (c *clients) dial(ctx context.Context) (net.Conn, error) {
	select {
	case c.dialing <- struct{}{}:
		defer func() { <-c.dialing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, "tcp", c.address)
}
