package cluster

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"example.com/async/step05-select/hub"
)

// A Config says how a node takes part. Only URL must be set.
type Config struct {
	// URL is where NATS is: "nats://127.0.0.1:4222", or several with commas between them.
	URL string

	// Prefix is what all names in NATS begin with. Several chats can share one NATS, each with
	// another prefix. "" means "chat".
	Prefix string

	// Beat is how often a node gives a sign of life, and Expiry after how long without one it is gone.
	// 0 means 1 s, and five beats.
	Beat, Expiry time.Duration

	// Retry is how long to wait after NATS could not be reached. 0 means 1 s.
	Retry time.Duration

	// Logger receives what an operator should know. nil means [slog.Default].
	Logger *slog.Logger
}

func (c Config) withDefaults() Config {
	c.Prefix = cmp.Or(c.Prefix, "chat")
	c.Beat = cmp.Or(c.Beat, time.Second)
	c.Expiry = cmp.Or(c.Expiry, 5*c.Beat)
	c.Retry = cmp.Or(c.Retry, time.Second)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c
}

// A Cluster is the [hub.Link] of one node. Make one with [Connect], give it to [hub.New], and call Close at the end.
type Cluster struct {
	config   Config
	subjects subjects
	id       string
	hub      atomic.Pointer[hub.Hub] // set by Attach
	conn     *nats.Conn

	outbox    *outbox
	names     *names
	store     atomic.Pointer[store] // nil while it can't be asked
	online    atomic.Int64          // since when, in nanoseconds since 1970; 0 if not
	lostTold  atomic.Bool           // the people here were told that they are alone
	storeTold atomic.Bool           // the operator was told that there is no store
	quiet     limiter               // of complaints

	// mu is taken with the hub's lock held: nothing is called under it that could wait for the hub, or for NATS.
	mu      sync.Mutex
	self    *self
	table   *table
	rooms   map[string]*room    // open ones
	changed map[string]struct{} // rooms to be subscribed to or not, by the sender
	load    map[*room]struct{}  // for which the stream is to be asked, by the loader
	seq     uint64              // of the last message or whisper

	loading chan struct{} // wakes the loader; with room for one
	ctx     context.Context
	cancel  context.CancelFunc
	stop    <-chan struct{}
	running sync.WaitGroup
	closing sync.Once
}

var _ hub.Link = (*Cluster)(nil)

// Connect connects a node to NATS. If NATS can't be reached, or that ends, the node tries again for ever, and its people
// can talk to each other meanwhile. The error says that the URL can't be used at all.
func Connect(config Config) (*Cluster, error) {
	id := strings.ToLower(rand.Text()[:16])
	c := &Cluster{
		config: config.withDefaults(), id: id,
		outbox: newOutbox(), names: newNames(), self: newSelf(id),
		rooms: make(map[string]*room), changed: make(map[string]struct{}), load: make(map[*room]struct{}),
		loading: make(chan struct{}, 1),
	}
	c.table = newTable(id, c.config.Expiry)
	c.subjects = subjects{c.config.Prefix}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.stop = c.ctx.Done()
	if err := c.connect(); err != nil {
		c.cancel()
		if parsing, ok := errors.AsType[*url.Error](err); ok {
			err = parsing.Err // without the URL, which may hold a password
		}
		return nil, fmt.Errorf("cluster: %s is no NATS server that can be used: %w", withoutPassword(config.URL), err)
	}
	return c, nil
}

// Attach implements [hub.Link]: now there is somebody for whom to work.
func (c *Cluster) Attach(h *hub.Hub) {
	c.hub.Store(h)
	c.running.Go(c.runSender)
	c.running.Go(c.runConfirmer)
	c.running.Go(c.runLoader)
	c.running.Go(c.runNames)
	c.running.Go(c.runControl)
	if c.conn.IsConnected() {
		c.connected()
	}
}

// closeTime is how long Close waits for what is still to be said.
const closeTime = time.Second

// Close says goodbye to the other nodes, and ends all goroutines. The hub's members should have left.
func (c *Cluster) Close() {
	c.closing.Do(func() {
		if c.hub.Load() != nil && c.conn.IsConnected() {
			c.goodbye()
		}
		c.cancel()
		c.conn.Close()
		c.running.Wait()
	})
}

// goodbye waits until all that is to be said was sent, and all names were given back; but not for long.
func (c *Cluster) goodbye() {
	c.signOfLife(gone)
	c.online.Store(0) // no more of them
	c.names.poke()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(closeTime); time.Now().Before(deadline); <-tick.C {
		if c.outbox.len() == 0 && c.names.idle() {
			return
		}
	}
}

// A limiter lets something happen once a second.
type limiter struct{ last atomic.Int64 }

func (l *limiter) allows() bool {
	now, last := time.Now().UnixNano(), l.last.Load()
	return now-last > int64(time.Second) && l.last.CompareAndSwap(last, now)
}

// complain logs what somebody must look at; but not each time, for it may come often.
func (c *Cluster) complain(text string, attributes ...any) {
	if c.quiet.allows() {
		c.config.Logger.Warn("cluster: "+text, attributes...)
	}
}
