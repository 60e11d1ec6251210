package server

import (
	"context"
	"errors"
	"io"
	"net"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/chat/lines"
)

// servePoll is the Serve of the design in which nobody waits: one worker polls the clients that something has
// happened to.
func servePoll(ctx context.Context, listener net.Listener, pool bool) error {
	if pool {
		// One P is the worker's, one the pool's. With a single one the worker would have to wait until Go's watchdog
		// interrupts who computes. That sleeps when the program was idle, and is woken by an ordinary system call;
		// but the reactor makes only raw ones.
		defer allow(2)()
	}
	room := &pollRoom{hub: newHub(), observed: newObserver(), pool: pool, clients: make(map[*pollClient]struct{})}
	server := asyncnet.Server{
		Handler:      room.enter,
		Network:      func() (asyncnet.Network, error) { return asyncnet.New("") },
		DrainTimeout: lastWords,
	}
	err := server.Serve(ctx, listener)
	if _, ok := errors.AsType[*tcp.CutError](err); ok {
		return nil // clients that did not read
	}
	return err
}

// A pollRoom is used by one worker only. So it has no lock, and one buffer to read to and one to write from are
// enough for all clients.
type pollRoom struct {
	hub      hub
	observed *observer
	pool     bool
	clients  map[*pollClient]struct{}
	in       [8 << 10]byte
	out      []byte
}

// enter is an [asyncnet.Handler].
func (r *pollRoom) enter(ctx context.Context, rt *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
	c := &pollClient{room: r, ctx: ctx, rt: rt, conn: conn, member: r.hub.Join(), said: prefix(conn.RemoteAddr())}
	r.clients[c] = struct{}{}
	return c
}

// A pollClient is a client as a Future: between two polls, what it has to remember are these fields.
type pollClient struct {
	room    *pollRoom
	ctx     context.Context
	rt      *executor.Runtime
	conn    asyncnet.Conn
	member  member
	said    string       // before what it says
	waker   future.Waker // of its task, once it was polled
	decoder lines.Decoder

	work    *executor.JoinHandle[[]byte] // what the pool computes for it; it is not heard meanwhile
	unheard []byte                       // what had been read then
	unsent  []byte                       // what did not fit into the socket
}

// Poll hears what the client says and tells it what others say, until it would have to wait for both.
func (c *pollClient) Poll(cx *future.Context) (failure error, ready bool) {
	c.waker = cx.Waker()
	left, failure := c.hear(cx)
	if failure == nil {
		failure = c.tell(cx)
	}
	if left || failure != nil || c.ctx.Err() != nil {
		c.Cancel()
		return failure, true
	}
	return nil, false
}

// Cancel takes the client out of the room.
func (c *pollClient) Cancel() {
	if c.work != nil {
		c.work.Abort()
		c.work.Detach()
	}
	delete(c.room.clients, c)
	c.member.Leave()
}

// hear reads and passes on until nothing more has come, or until the client waits for the pool. left says that it has
// said everything.
func (c *pollClient) hear(cx *future.Context) (left bool, failure error) {
	for {
		if c.work != nil {
			result, ready := c.work.Poll(cx)
			if !ready {
				return false, nil
			}
			c.work = nil
			c.unsent = append(c.unsent, result.Value...)
			p := c.unheard
			c.unheard = nil
			c.pass(p)
			continue
		}
		n, ready, err := c.conn.PollRead(cx, c.room.in[:])
		switch {
		case !ready:
			return false, nil
		case errors.Is(err, io.EOF):
			if line, ok := c.decoder.End(); ok {
				c.say(line)
			}
			return true, nil
		case err != nil:
			return false, err
		}
		c.pass(c.room.in[:n])
	}
}

// pass passes on the lines in p. What the client lets the server compute is computed right here, and nobody else
// is served until that is done; unless there is a pool.
func (c *pollClient) pass(p []byte) {
	for {
		line, rest, err := c.decoder.Next(p)
		if err == lines.ErrMore {
			return
		}
		p = rest
		if err != nil {
			continue // too long: it is passed over
		}
		request, ok := asRequest(line)
		switch {
		case !ok:
			c.say(line)
		case c.room.pool && !request.stats:
			observed := c.room.observed
			c.work = executor.SpawnBlocking(c.rt, func() []byte { return request.answer(observed) })
			c.unheard = append([]byte(nil), rest...) // room.in is everybody's
			return
		default:
			c.unsent = append(c.unsent, request.answer(c.room.observed)...)
		}
	}
}

// say gives a line to all others, and wakes their tasks.
func (c *pollClient) say(line []byte) {
	c.member.Send(render(c.said, line))
	for other := range c.room.clients {
		if other != c && other.waker != nil {
			other.waker.Wake()
		}
	}
}

// tell writes all that is pending, as much as the socket takes.
func (c *pollClient) tell(cx *future.Context) error {
	for {
		if len(c.unsent) == 0 {
			c.room.out = appendPending(c.room.out[:0], c.member)
			c.unsent = c.room.out
		}
		if len(c.unsent) == 0 {
			c.unsent = nil
			return nil
		}
		n, ready, err := c.conn.PollWrite(cx, c.unsent)
		if err != nil {
			return err
		}
		c.unsent = c.unsent[n:]
		if !ready {
			c.unsent = append([]byte(nil), c.unsent...) // room.out is everybody's
			return nil
		}
	}
}
