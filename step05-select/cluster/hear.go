package cluster

import (
	"time"

	"github.com/nats-io/nats.go"

	"example.com/async/step05-select/session"
)

// maxControls is how many messages of other nodes can wait. What is more is dropped by the library: then the
// versions don't fit, and a snapshot is asked for.
const maxControls = 8192

// runControl hears the other nodes, and gives signs of life.
func (c *Cluster) runControl() {
	messages := make(chan *nats.Msg, maxControls) // both in one channel: so they stay in order
	for _, subject := range []string{c.subjects.people(), c.subjects.node(c.id)} {
		if _, err := c.conn.ChanSubscribe(subject, messages); err != nil {
			if c.ctx.Err() == nil {
				c.config.Logger.Error("cluster: the other nodes can't be heard", "err", err)
			}
			return
		}
	}
	if c.online.Load() != 0 {
		c.signOfLife(hello) // the answers to an earlier one were not heard
	}
	tick := time.NewTicker(c.config.Beat)
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case m := <-messages:
			c.hear(m)
		case <-tick.C:
			c.signOfLife(beat)
			c.mu.Lock()
			events := c.table.expire(time.Now())
			c.mu.Unlock()
			c.show(events)
		}
	}
}

// signOfLife says that we are here. It is not worth being sent later.
func (c *Cluster) signOfLife(kind kind) {
	if c.online.Load() == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mention(c.subjects.people(), c.self.beat(kind))
}

// hear takes what another node has told.
func (c *Cluster) hear(m *nats.Msg) {
	message, err := parseControl(m.Data)
	if err != nil {
		c.complain("a message is ignored", "subject", m.Subject, "err", err)
		return
	}
	c.mu.Lock()
	events, asks := c.table.hear(message, time.Now())
	if asks {
		c.mention(c.subjects.node(message.Node), control{Kind: ask, Node: c.id})
	}
	if message.Kind == ask {
		for _, part := range c.self.snapshot() {
			c.mention(c.subjects.node(message.Node), part)
		}
	}
	c.mu.Unlock()
	c.show(events)

	switch message.Kind {
	case hello:
		c.signOfLife(beat)
	case delta:
		c.names.suspect(session.Key(message.Name))
	case snapshot:
		for _, p := range message.People {
			c.names.suspect(session.Key(p.Name))
		}
	case whisper:
		c.hearWhisper(message)
	case refusal:
		c.hub.Load().TellOne(message.Key, message.Text)
	}
}

// show tells the members of rooms who has come and gone on other nodes.
func (c *Cluster) show(events []session.Event) {
	for _, e := range events {
		c.mu.Lock()
		r := c.rooms[e.Room]
		c.mu.Unlock()
		if r != nil {
			r.hub.Deliver(e)
		}
	}
}

// hearWhisper gives somebody here what was whispered, or says why not.
func (c *Cluster) hearWhisper(message control) {
	e, err := message.whispered()
	if err != nil {
		c.complain("a whisper is ignored", "node", message.Node, "err", err)
		return
	}
	c.mu.Lock()
	isNew := c.table.hearWhisper(message)
	c.mu.Unlock()
	if !isNew {
		return
	}
	if err := c.hub.Load().Whispered(message.Key, e); err != nil {
		answer := control{Kind: refusal, Node: c.id, Key: message.From, Text: e.To + ": " + err.Error()}
		c.mention(c.subjects.node(message.Node), answer)
	}
}
