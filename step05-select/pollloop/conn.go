package pollloop

import (
	"context"
	"sync"
	"time"

	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// A conn is one client as a Future, which is ready when the client has left. The fields are what the two
// goroutines of package selectloop have on their stacks, and in their channels.
type conn struct {
	ctx    context.Context // ends when the server begins to stop; then each conn is polled once more
	rt     *executor.Runtime
	net    asyncnet.Conn // the asyncnet.Server closes it
	client *client.Client

	unheard *[readSize]byte // what the client has still to hear; nil if that is nothing
	ended   error           // of the last read
	batch   *[]byte         // what unsent is a part of; nil if there is nothing to be written
	unsent  []byte

	limits clocks
	done   bool
}

// clocks are the time limits of a client. Each is nil while it does not run.
type clocks struct {
	write  *timer.Sleep // for a write that waits for the client
	ping   *timer.Sleep // until the client is asked whether it is there
	resume *timer.Sleep // until a client is listened to that talks too much
	at     time.Time    // when resume is over

	writeTimeout time.Duration
	pingEvery    time.Duration
}

// Buffers are needed only while bytes are on their way: a client that is silent has none.
const readSize = 8 << 10

var (
	readBuffers  = sync.Pool{New: func() any { return new([readSize]byte) }}
	writeBuffers = sync.Pool{New: func() any { return new([]byte) }}
)

func (s *Server) newConn(ctx context.Context, rt *executor.Runtime, netConn asyncnet.Conn, codec session.Codec, entry hub.Entry, read []byte) *conn {
	settings := s.config.Client.WithDefaults()
	c := &conn{
		ctx: ctx, rt: rt, net: netConn,
		client: client.New(s.config.Hub, codec, entry, settings),
		limits: clocks{writeTimeout: settings.WriteTimeout, pingEvery: settings.PingEvery},
	}
	if _, asks := codec.AppendPing(nil); asks {
		c.limits.ping = rt.Sleep(settings.PingEvery)
	}
	if len(read) > 0 {
		c.client.Hear(read)
	}
	return c
}

var (
	_ future.Future[error] = (*conn)(nil)
	_ future.Canceler      = (*conn)(nil)
)

// Cancel gives everything back. The server has waited long enough.
func (c *conn) Cancel() { c.leave() }

// leave gives back what the client holds.
func (c *conn) leave() {
	c.done = true
	for _, clock := range []*timer.Sleep{c.limits.write, c.limits.ping, c.limits.resume} {
		if clock != nil {
			clock.Cancel()
		}
	}
	if c.unheard != nil {
		readBuffers.Put(c.unheard)
		c.unheard = nil
	}
	c.client.Leave()
	if c.batch != nil {
		writeBuffers.Put(c.batch)
		c.batch, c.unsent = nil, nil
	}
}
