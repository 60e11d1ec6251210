package cluster

import (
	"fmt"
	"sync"
	"time"
)

// names are the claims of this node's people. Requests wait in a queue, in order, for one goroutine that may take its time.
//
// When the registry can't be asked, a claim is decided by what is known of the others; it is asked later, and
// then whoever was slower is a guest again.
type names struct {
	mu    sync.Mutex
	queue []request
	held  map[string]*claim // by key
	busy  bool              // something is still to be written down
	wake  chan struct{}

	// Of the goroutine alone.
	parked []request           // claims of which it is not yet sure whose the name is
	freed  map[string]struct{} // to be given up when the registry can be asked again
}

// A claim is a name that one of our people has.
type claim struct {
	name    string
	secured time.Time // when the registry has said so last; zero if it is to be asked
}

// A request is a claim, if done is set, or that a name is given back.
type request struct {
	name, key string
	done      func(error)
}

const (
	// nameTTL is after how long the registry forgets names that nobody renews.
	nameTTL    = time.Hour
	renewAfter = nameTTL / 3
	// maxFreed bounds what is remembered while the registry can't be asked. The others are forgotten by it in time.
	maxFreed = 100_000
)

func newNames() *names {
	return &names{held: make(map[string]*claim), freed: make(map[string]struct{}), wake: make(chan struct{}, 1)}
}

func (n *names) put(r request) {
	n.mu.Lock()
	n.queue = append(n.queue, r)
	n.busy = true
	n.mu.Unlock()
	n.poke()
}

func (n *names) poke() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *names) take() []request {
	n.mu.Lock()
	defer n.mu.Unlock()
	taken := n.queue
	n.queue = nil
	return taken
}

// idle reports whether the registry knows all that it can be told now.
func (n *names) idle() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.busy
}

// rest notes whether something is still to be written down, after all that was asked for was carried out.
func (n *names) rest(canBe bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy = canBe && (len(n.queue) > 0 || len(n.freed) > 0)
}

// suspect says that a name was seen on another node. If it is ours, the registry is to be asked.
func (n *names) suspect(key string) {
	n.mu.Lock()
	c := n.held[key]
	if c != nil {
		c.secured = time.Time{}
	}
	n.mu.Unlock()
	if c != nil {
		n.poke()
	}
}

// suspectAll is suspect for all that are ours: we were away.
func (n *names) suspectAll() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.held {
		c.secured = time.Time{}
	}
}

// due returns those for which the registry is to be asked.
func (n *names) due(now time.Time) map[string]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	due := make(map[string]string)
	for key, c := range n.held {
		if now.Sub(c.secured) > renewAfter {
			due[key] = c.name
		}
	}
	return due
}

// hold notes that a name is ours, and when the registry has said so.
func (n *names) hold(name, key string, secured time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.held[key] = &claim{name: name, secured: secured}
}

// drop notes that a name is not ours any more. It reports false if it was not.
func (n *names) drop(key string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, ok := n.held[key]
	delete(n.held, key)
	return ok
}

// runNames carries out requests until the cluster ends. It also opens the store, when NATS can be reached.
func (c *Cluster) runNames() {
	tick := time.NewTicker(c.config.Beat)
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-c.names.wake:
		case <-tick.C:
		}
		c.openStore()
		requests := append(c.names.parked, c.names.take()...)
		c.names.parked = nil
		for _, r := range requests {
			c.carryOut(r)
		}
		c.review()
		c.names.rest(c.store.Load() != nil)
	}
}

func (c *Cluster) carryOut(r request) {
	if r.done == nil {
		if c.names.drop(r.key) && len(c.names.freed) < maxFreed {
			c.names.freed[r.key] = struct{}{}
		}
		return // review gives it up
	}
	delete(c.names.freed, r.key)
	if c.taken(r.key) { // perhaps since the registry could not be asked
		r.done(errTaken)
		return
	}
	v, err := c.whose(r.key)
	switch {
	case err != nil:
		c.names.hold(r.name, r.key, time.Time{})
		r.done(nil)
	case v == ours:
		c.names.hold(r.name, r.key, time.Now())
		r.done(nil)
	case v == theirs:
		r.done(errTaken)
	default:
		c.names.parked = append(c.names.parked, r)
	}
}

// review gives up what was given back, and asks again for what may not be ours any more.
func (c *Cluster) review() {
	s := c.store.Load()
	if s == nil {
		return
	}
	for key := range c.names.freed {
		if err := giveUp(s, key, c.id); err != nil {
			c.storeFailed(err)
			return
		}
		delete(c.names.freed, key)
	}
	for key, name := range c.names.due(time.Now()) {
		v, err := c.whose(key)
		switch {
		case err != nil:
			return
		case v == ours:
			c.names.hold(name, key, time.Now())
		case v == theirs && c.names.drop(key):
			c.config.Logger.Info("cluster: a name is now another node's", "name", name)
			c.hub.Load().Unname(key, fmt.Sprintf("while the servers could not reach each other, somebody else took the name %s", name))
		}
	}
}

// whose is secure, if the registry can be asked.
func (c *Cluster) whose(key string) (verdict, error) {
	s := c.store.Load()
	if s == nil {
		return 0, errNoStore
	}
	v, err := secure(s, key, c.id, c.alive, c.settled())
	if err != nil {
		c.storeFailed(err)
	}
	return v, err
}
