package cluster

import (
	"errors"
	"time"

	"github.com/nats-io/nats.go"
)

// runSender sends what is in the outbox, and subscribes to rooms. It is the only one that waits if NATS takes nothing.
func (c *Cluster) runSender() {
	subscribed := make(map[string]*room)
	tick := time.NewTicker(c.config.Beat) // for what could not be sent at first
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-c.outbox.wake:
		case <-tick.C:
		}
		c.subscribe(subscribed)
		c.sendAll()
	}
}

// sendAll empties the outbox, if NATS can be reached.
func (c *Cluster) sendAll() {
	const most = 256 // at once
	for c.conn.IsConnected() {
		batch, place := c.outbox.next(c.conn.Stats().Reconnects, most)
		if len(batch) == 0 {
			return
		}
		for i, m := range batch {
			err := c.conn.Publish(m.subject, m.data)
			switch {
			case err == nil:
			case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, nats.ErrBadSubject):
				c.complain("a message can't be sent", "subject", m.subject, "err", err) // nor later
			default:
				c.outbox.sentUntil(place + uint64(i))
				return
			}
		}
		c.outbox.sentUntil(place + uint64(len(batch)))
	}
}

// subscribe makes the subscriptions those that should be.
func (c *Cluster) subscribe(subscribed map[string]*room) {
	c.mu.Lock()
	changed := c.changed
	c.changed = make(map[string]struct{})
	wanted := make(map[string]*room, len(changed))
	for name := range changed {
		wanted[name] = c.rooms[name]
	}
	c.mu.Unlock()

	for name := range changed {
		old, r := subscribed[name], wanted[name]
		if old == r {
			continue
		}
		if old != nil {
			_ = old.sub.Unsubscribe() // fails only when all has ended
			delete(subscribed, name)
		}
		if r == nil {
			continue
		}
		sub, err := c.conn.Subscribe(c.subjects.room(name), func(m *nats.Msg) { c.receive(r, m) })
		if err == nil {
			err = sub.SetPendingLimits(pendingMessages, pendingBytes)
		}
		if err != nil {
			if c.ctx.Err() == nil {
				c.complain("a room can't be subscribed to", "room", name, "err", err)
			}
			continue
		}
		r.sub = sub
		subscribed[name] = r
		c.ask(r)
	}
}

// confirmEvery is how often NATS is asked what it has got.
const confirmEvery = 20 * time.Millisecond

// runConfirmer asks NATS what it has got, while something is not known to have arrived.
func (c *Cluster) runConfirmer() {
	tick := time.NewTicker(confirmEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-tick.C:
		}
		place, conn, ok := c.outbox.mark()
		if !ok || !c.conn.IsConnected() {
			continue
		}
		// NATS answers a ping when it has handled all that came before it on this connection; but it must have been this
		// connection all the time.
		if err := c.conn.FlushTimeout(patience); err == nil && c.conn.Stats().Reconnects == conn {
			c.outbox.arrived(place, conn)
		}
	}
}
