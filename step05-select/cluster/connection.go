package cluster

import (
	"errors"
	"regexp"
	"time"

	"github.com/nats-io/nats.go"
)

// This file is how a node is connected to NATS, and what it does when that changes. The library connects again
// by itself, for ever, and subscribes again to what it was subscribed to.

const (
	// pendingMessages and pendingBytes are what may wait for this node to be handled, in each room. What is more is
	// dropped by the library; the feed notices that it is missing.
	pendingMessages = 64 << 10
	pendingBytes    = 16 << 20

	// pingEvery is how often the connection is tested. It is given up when two tests were not answered.
	pingEvery = 5 * time.Second
)

func (c *Cluster) connect() error {
	conn, err := nats.Connect(c.config.URL,
		nats.Name("chat "+c.id), nats.NoEcho(),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(), nats.ReconnectWait(c.config.Retry),
		nats.ReconnectBufSize(-1), // the outbox keeps what is to be sent
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2),
		nats.ConnectHandler(func(*nats.Conn) { c.connected() }),
		nats.ReconnectHandler(func(*nats.Conn) { c.connected() }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { c.disconnected(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) { c.failed(s, err) }),
	)
	if err != nil {
		return err
	}
	c.conn = conn
	if !conn.IsConnected() {
		c.config.Logger.Warn("cluster: NATS can't be reached; this server is alone, and keeps trying", "url", withoutPassword(c.config.URL))
	}
	return nil
}

// withoutPassword is a URL, or several, that can be shown.
func withoutPassword(address string) string { return passwords.ReplaceAllString(address, "//") }

var passwords = regexp.MustCompile(`//[^/@,]*@`)

// connected is called when NATS can be reached: for the first time, or again.
func (c *Cluster) connected() {
	if c.hub.Load() == nil || c.ctx.Err() != nil {
		return
	}
	if c.online.CompareAndSwap(0, time.Now().UnixNano()) { // both Attach and the library say so
		c.config.Logger.Info("cluster: connected to NATS", "node", c.id, "url", c.conn.ConnectedUrlRedacted())
	}
	if c.lostTold.Swap(false) {
		c.hub.Load().Tell("the other servers can be reached again")
	}
	c.signOfLife(hello)
	c.storeTold.Store(false)
	c.store.Store(nil) // to be opened anew, and then names and rooms are looked through
	c.names.poke()
}

// disconnected is called when NATS can't be reached any more.
func (c *Cluster) disconnected(err error) {
	if c.online.Swap(0) == 0 || c.ctx.Err() != nil {
		return
	}
	c.config.Logger.Warn("cluster: NATS can't be reached; this server is alone, and keeps trying", "err", err)
	c.lostTold.Store(true)
	c.hub.Load().Tell("this server has lost the others; you can go on talking to those who are on this one")
}

// failed is called for what goes wrong while the connection stays.
func (c *Cluster) failed(s *nats.Subscription, err error) {
	if c.hub.Load() == nil || c.ctx.Err() != nil {
		return
	}
	if !errors.Is(err, nats.ErrSlowConsumer) || s == nil {
		c.complain("NATS complains", "err", err)
		return
	}
	dropped, _ := s.Dropped()
	c.config.Logger.Warn("cluster: more comes from the other servers than this one can take", "subject", s.Subject, "dropped", dropped)
	c.mu.Lock()
	var slow *room
	for _, r := range c.rooms {
		if c.subjects.room(r.name) == s.Subject {
			slow = r
		}
	}
	c.mu.Unlock()
	if slow != nil {
		slow.hub.Tell("more is said on other servers than this one can take; some of it comes later, or not at all")
	}
}

// settled reports whether we would have heard of every node that is alive.
func (c *Cluster) settled() bool {
	since := c.online.Load()
	return since != 0 && time.Since(time.Unix(0, since)) > c.config.Expiry
}

// openStore opens the store if it is not open and NATS can be reached. Then all is looked through that may have changed
// meanwhile: whose the names are, and what was said.
func (c *Cluster) openStore() {
	if c.store.Load() != nil || c.online.Load() == 0 {
		return
	}
	conn := c.conn.Stats().Reconnects
	s, err := openStore(c.ctx, c.conn, c.subjects, c.id)
	if err != nil {
		// A NATS server that has just been started needs a moment.
		if late := time.Since(time.Unix(0, c.online.Load())) > patience; late && c.ctx.Err() == nil && !c.storeTold.Swap(true) {
			c.config.Logger.Warn("cluster: NATS has no JetStream that can be used; names are unique on each server only, and history is not shared", "err", err)
		}
		return
	}
	c.names.suspectAll()
	c.store.Store(s)
	if conn != c.conn.Stats().Reconnects {
		c.store.Store(nil) // while it was opened the connection was another one
		return
	}
	c.reload()
}

// storeFailed is called when the store did not answer: it is opened anew.
func (c *Cluster) storeFailed(err error) {
	c.store.Store(nil)
	if c.ctx.Err() == nil && c.online.Load() != 0 {
		c.complain("NATS does not answer", "err", err)
	}
}
