package cluster

import (
	"sync"

	"github.com/nats-io/nats.go"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// This file is what the hub asks of its link. Nothing here waits: what is to be done is noted for one of the
// goroutines, which are:
//
//	runSender     sends what is in the outbox, and subscribes to rooms       sender.go
//	runConfirmer  asks NATS what it has got                                  sender.go
//	runLoader     asks the stream for what was said                          loader.go
//	runNames      asks the bucket whose a name is                            names.go
//	runControl    hears the other nodes, gives signs of life                 hear.go
//
// and for each room the one of the library that calls room.receive.

// A room is one that has members here.
type room struct {
	name string
	hub  hub.Room

	// first is the number of the first message that was sent from here since the room was opened, prev of the
	// last; the cluster's lock guards them.
	first, prev uint64

	sub *nats.Subscription // the sender's

	mu   sync.Mutex // held while something is given to the hub: so that it stays in order
	feed *feed
}

// Alone implements [hub.Link].
func (c *Cluster) Alone() bool { return false }

// Suffix implements [hub.Link].
func (c *Cluster) Suffix() string { return "-" + c.id[:4] }

// OpenRoom implements [hub.Link].
func (c *Cluster) OpenRoom(r hub.Room) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rooms[r.Name()] = &room{name: r.Name(), hub: r, feed: newFeed(c.id)}
	c.changed[r.Name()] = struct{}{}
	c.outbox.poke()
}

// CloseRoom implements [hub.Link].
func (c *Cluster) CloseRoom(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rooms, name)
	c.changed[name] = struct{}{}
	c.outbox.poke()
}

// Publish implements [hub.Link].
func (c *Cluster) Publish(e session.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rooms[e.Room]
	if r == nil {
		return
	}
	c.seq++
	m := said{node: c.id, seq: c.seq, prev: r.prev, event: e}
	r.prev = m.seq
	if r.first == 0 {
		r.first = m.seq
	}
	c.send(outgoing{subject: c.subjects.room(e.Room), data: m.append(nil)})
}

// Present implements [hub.Link].
func (c *Cluster) Present(was, name, room string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change := c.self.change(was, name, room)
	if c.online.Load() != 0 { // else others notice that they have missed something
		c.mention(c.subjects.people(), change)
	}
}

// Claim implements [hub.Link].
func (c *Cluster) Claim(name, key string, done func(error)) {
	c.names.put(request{name: name, key: key, done: done})
}

// Release implements [hub.Link].
func (c *Cluster) Release(key string) { c.names.put(request{key: key}) }

// Whisper implements [hub.Link].
func (c *Cluster) Whisper(key string, e session.Event) (name string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	node, name, ok := c.table.find(key)
	if !ok {
		return "", false
	}
	e.To = name
	c.seq++
	message := control{
		Kind: whisper, Node: c.id, Seq: c.seq, Key: key, From: session.Key(e.From), Event: e.AppendJSON(nil),
	}
	c.send(outgoing{subject: c.subjects.node(node), data: message.encode()})
	return name, true
}

// Elsewhere implements [hub.Link].
func (c *Cluster) Elsewhere(room string, most int) (names []string, count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.table.in(room, most)
}

// Rooms implements [hub.Link].
func (c *Cluster) Rooms() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.table.counts()
}

// send notes what is to be sent.
func (c *Cluster) send(m outgoing) {
	if dropped := c.outbox.put(m); dropped > 0 {
		c.complain("more is said here than NATS takes, and the oldest of it is lost for the other servers")
	}
}

// mention is send for what is not worth being sent again.
func (c *Cluster) mention(subject string, m control) {
	c.send(outgoing{subject: subject, data: m.encode(), fleeting: true})
}

// alive reports whether another node is there.
func (c *Cluster) alive(node string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.table.alive(node)
}

// taken reports whether somebody on another node has the name with that key, as far as is known here.
func (c *Cluster) taken(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _, ok := c.table.find(key)
	return ok
}
