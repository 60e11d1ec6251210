package crowd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"example.com/async/step02-http/load/client"
)

// Members say who is in a crowd.
type Members struct {
	// Dial opens a connection. It is called by several goroutines.
	Dial func(ctx context.Context) (net.Conn, error)
	// Request is what an idle member asks once for, and whose head a slow one begins to send.
	Request client.Request
	// Idle and Slow are how many there are of each kind.
	Idle, Slow int
	// Timeout is how long Gather waits for the next member to arrive.
	Timeout time.Duration
}

// A Crowd is what Gather has gathered. Its methods are safe for use by several goroutines.
type Crowd struct {
	members Members
	ctx     context.Context
	leave   context.CancelFunc
	dialing chan struct{}  // one for each connection that is being opened
	arrived chan struct{}  // one for each member's first arrival
	running sync.WaitGroup // one for each member

	endedIdle, endedSlow atomic.Int64
	dialFailed           atomic.Pointer[error] // why a connection could not be opened
}

// mostDialing is how many connections are opened at the same time. More could
// overflow the server's backlog, and the kernel tries again only after a second.
const mostDialing = 100

// Gather opens the connections, and returns when all of them stand: the idle ones have been
// answered, the slow ones have sent their first byte. Each member has a goroutine, and
// they end with [Crowd.Leave], which the caller must call; or with ctx.
//
// If no further member arrives for Timeout, the error says how many have.
func Gather(ctx context.Context, members Members) (*Crowd, error) {
	c := &Crowd{members: members, dialing: make(chan struct{}, mostDialing), arrived: make(chan struct{})}
	c.ctx, c.leave = context.WithCancel(ctx)
	all := members.Idle + members.Slow
	for i := range all {
		m := &member{crowd: c, slow: i >= members.Idle}
		c.running.Go(m.run)
	}
	patience := time.NewTimer(members.Timeout)
	defer patience.Stop()
	for here := range all {
		select {
		case <-c.arrived:
			patience.Reset(members.Timeout)
		case <-c.ctx.Done():
			c.Leave()
			return nil, ctx.Err()
		case <-patience.C:
			c.Leave()
			return nil, c.missing(all, here)
		}
	}
	return c, nil
}

// missing says why not all have arrived.
func (c *Crowd) missing(all, here int) error {
	where := fmt.Sprintf("of %d connections beside the measured ones, %d were served, and no more within %v: ", all, here, c.members.Timeout)
	if failed := c.dialFailed.Load(); failed != nil {
		return fmt.Errorf("%s%w", where, *failed)
	}
	return errors.New(where + "how many does the server allow? (step02-http: -max-conns 0)")
}

// Leave closes all connections, and returns when that is done.
func (c *Crowd) Leave() {
	c.leave()
	c.running.Wait()
}

// Ended returns how many connections of idle and of slow members the server has ended so far.
func (c *Crowd) Ended() (idle, slow int64) { return c.endedIdle.Load(), c.endedSlow.Load() }
