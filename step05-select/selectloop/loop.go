package selectloop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat"
	"example.com/async/step05-select/client"
)

// A conn is one client and what its loop waits for.
type conn struct {
	net      net.Conn
	client   *client.Client
	deadline chat.WriteDeadline

	input   chan input    // from the reader, which closes it
	readOn  chan struct{} // to the reader; the loop closes it
	reading bool          // the reader has been told to read on, and has not answered yet
	ended   error         // of the last Read
	err     error         // why the loop has ended, or the client could not be greeted
	looping sync.WaitGroup

	ping   *time.Ticker // nil if this client can't be asked
	resume *time.Timer  // nil until the client has talked too much
}

// serve runs both goroutines of the client. Neither outlives the other.
//
// This one reads, and the loop has a new one. The other way round the loop would wait on top of all that the accept
// loop has on its stack, and not fit into the 2 KiB with which a goroutine begins.
func (c *conn) serve(ctx context.Context) error {
	c.looping.Go(func() { c.waitAndWrite(ctx) })
	c.read()
	c.looping.Wait()
	c.client.Leave()
	if _, ok := c.err.(*panicError); ok {
		panic(c.err) // here the server keeps it from everybody else
	}
	// Who does not read, or is not there, does not read the end either.
	if !errors.Is(c.err, os.ErrDeadlineExceeded) && !errors.Is(c.err, errSilent) {
		tcp.Linger(c.net)
	}
	return c.err
}

// waitAndWrite is the loop's goroutine. Its end ends the reader.
func (c *conn) waitAndWrite(ctx context.Context) {
	defer c.endLoop() // one defer, because each takes some of the 2 KiB
	if c.err == nil { // the client has been greeted
		c.err = c.loop(ctx)
	}
}

// loop is one client: it waits until something happens, whatever it is, and then writes what there is to be
// written. A channel that is nil is a case that is switched off.
func (c *conn) loop(ctx context.Context) error {
	for {
		c.feed()
		if err := c.writePending(); err != nil {
			return err
		}
		if over, err := c.client.Over(); over {
			return err
		}
		select {
		case in := <-c.next(): // the next lines
			c.hear(in)
		case <-c.unheard(): // lines that had to wait
			c.client.Listen()
		case <-c.client.Member().RoomReady(): // the next message
		case <-c.client.Member().OwnReady(): // a private one
		case <-c.pinged(): // time to ask whether it is still there
			if !c.client.Ping() {
				return errSilent
			}
		case <-ctx.Done(): // the server's end
			c.client.End()
		}
		// One message wakes all who listen, and each write costs much more than what it writes. Who lets
		// the others run first finds more to take along.
		runtime.Gosched()
	}
}

var errSilent = errors.New("selectloop: the client gives no sign of life")

// next returns a channel from which one can receive what the reader has read: nil while it has not been told to read. When the reader
// has ended, input is closed, and a select would take nothing out of it, again and again.
func (c *conn) next() <-chan input {
	if !c.reading {
		return nil
	}
	return c.input
}

// unheard returns a channel from which one can receive when the client is to be listened to again: nil if it has
// said nothing more, and one that is always ready if nothing has to be waited for.
func (c *conn) unheard() <-chan time.Time {
	at, ok := c.client.Unheard()
	if !ok {
		return nil
	}
	wait := time.Until(at)
	if wait <= 0 {
		return now
	}
	if c.resume == nil {
		c.resume = time.NewTimer(wait)
	} else {
		c.resume.Reset(wait)
	}
	return c.resume.C
}

// now is for who has nothing to wait for: a closed channel is always ready.
var now = func() chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

func (c *conn) pinged() <-chan time.Time {
	if c.ping == nil {
		return nil
	}
	return c.ping.C
}

// writeBuffers are for writes that are being made: a client that has nothing to read has none.
var writeBuffers = sync.Pool{New: func() any { return new([]byte) }}

// writePending writes what is pending at once.
func (c *conn) writePending() (err error) {
	batch := writeBuffers.Get().(*[]byte)
	*batch = c.client.AppendPending((*batch)[:0])
	if len(*batch) > 0 {
		err = c.write(*batch)
	}
	writeBuffers.Put(batch)
	return err
}

func (c *conn) write(batch []byte) error {
	if err := c.deadline.Arm(c.net); err != nil {
		return err
	}
	c.client.Member().Busy(true)
	_, err := c.net.Write(batch)
	c.client.Member().Busy(false)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("selectloop: the client does not read: %w", err)
	}
	return err
}
