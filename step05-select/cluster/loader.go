package cluster

import (
	"time"

	"github.com/nats-io/nats.go"

	"example.com/async/step05-select/session"
)

// receive takes what has come from a room.
func (c *Cluster) receive(r *room, message *nats.Msg) {
	m, err := parseSaid(message.Data, r.name)
	if err != nil {
		c.complain("a message is ignored", "subject", message.Subject, "err", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now, missing := r.feed.live(m)
	if now {
		r.hub.Deliver(m.event)
	}
	if missing {
		c.ask(r)
	}
}

// ask sees to it that the stream is asked for what was said in the room.
func (c *Cluster) ask(r *room) {
	c.mu.Lock()
	c.load[r] = struct{}{}
	c.mu.Unlock()
	select {
	case c.loading <- struct{}{}:
	default:
	}
}

// reload is ask for all rooms: something may have been missed.
func (c *Cluster) reload() {
	c.mu.Lock()
	open := make([]*room, 0, len(c.rooms))
	for _, r := range c.rooms {
		open = append(open, r)
	}
	c.mu.Unlock()
	for _, r := range open {
		r.mu.Lock()
		r.feed.hold()
		r.mu.Unlock()
		c.ask(r)
	}
}

// runLoader asks the stream, for one room after the other. If it can't be asked, what comes is held for a while: a store
// that has just been started needs a moment.
func (c *Cluster) runLoader() {
	waiting := make(map[*room]time.Time) // since when
	tick := time.NewTicker(c.config.Beat)
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-c.loading:
		case <-tick.C:
		}
		c.mu.Lock()
		for r := range c.load {
			if _, ok := waiting[r]; !ok {
				waiting[r] = time.Now()
			}
		}
		clear(c.load)
		c.mu.Unlock()
		for r, since := range waiting {
			if !c.isOpen(r) || c.loadRoom(r, time.Since(since) > patience) {
				delete(waiting, r)
			}
		}
	}
}

// isOpen reports whether somebody is still in the room. Else somebody who goes from room to room could keep the loader from all
// others, who do not hear what is said elsewhere until it has asked for their room.
func (c *Cluster) isOpen(r *room) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rooms[r.name] == r
}

// loadRoom gives the members of a room what they have missed. It reports false if the stream can't be asked; if that is final,
// they get what is held.
func (c *Cluster) loadRoom(r *room, final bool) (done bool) {
	var stored []said
	err := errNoStore
	if s := c.store.Load(); s != nil {
		if stored, err = s.said(c.subjects.room(r.name), r.name); err != nil {
			c.storeFailed(err)
		}
	}
	if err != nil && !final {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var earlier, missed []session.Event
	var lost bool
	if err == nil {
		earlier, missed, lost = r.feed.loaded(stored, c.firstOwn(r))
	} else {
		missed, lost = r.feed.failed()
	}
	r.hub.Remember(earlier)
	if lost {
		r.hub.Tell("something that was said on another server is lost")
	}
	for _, e := range missed {
		r.hub.Deliver(e)
	}
	return true
}

// firstOwn returns the number of the first message that was sent from here since the room was opened.
func (c *Cluster) firstOwn(r *room) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.first
}
