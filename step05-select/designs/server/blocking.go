package server

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat/lines"
)

// lastWords is how long a client that leaves may take to read what is being written to it.
const lastWords = time.Second

// blocking returns the Serve of the two designs in which somebody waits for each client: a
// goroutine for what it says and one for what it hears; or with threads, the same two, each locked to a
// thread of the operating system, as in step 1's table of models. It is one line that makes the difference.
func blocking(threads bool) func(context.Context, net.Listener, bool) error {
	return func(ctx context.Context, listener net.Listener, pool bool) error {
		switch {
		case threads:
			defer allow(threadsAtOnce)()
		case pool:
			defer allow(2)()
		}
		b := &blockingRoom{hub: newHub(), observed: newObserver(), threads: threads}
		accept := tcp.Server{Handler: tcp.HandlerFunc(b.serve), DrainTimeout: lastWords}
		err := accept.Serve(ctx, listener)
		if _, ok := errors.AsType[*tcp.CutError](err); ok {
			return nil // clients that did not read
		}
		return err
	}
}

// allow lets n threads run Go code at the same time, also where there are fewer cores. undo takes that back.
func allow(n int) (undo func()) {
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(max(n, before))
	return func() { runtime.GOMAXPROCS(before) }
}

// threadsAtOnce is how many threads may run Go code at the same time. With one, Go's scheduler would say which of them
// runs, and for how long. That is for the kernel to say, if threads are what one compares.
const threadsAtOnce = 8

type blockingRoom struct {
	hub      hub
	observed *observer
	threads  bool
}

// onThread makes the goroutine that calls it the only one of its thread, which ends with it.
func (b *blockingRoom) onThread() {
	if b.threads {
		runtime.LockOSThread()
	}
}

// serve reads what a client says, until it leaves or ctx ends.
func (b *blockingRoom) serve(ctx context.Context, conn net.Conn) error {
	b.onThread()
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = wrapped.NetConn() // its time limits are not used
	}
	self := b.hub.Join()
	defer self.Leave()
	left, written := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(written)
		b.onThread()
		writeAll(conn, self, left)
	}()
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()

	err := b.read(conn, self)
	close(left)
	conn.SetWriteDeadline(time.Now().Add(lastWords))
	<-written
	return err
}

var readBuffers = sync.Pool{New: func() any { return new([8 << 10]byte) }}

// smallRead is the buffer that a silent client holds. One that fills it gets a large one for its next read.
const smallRead = 128

// read returns nil when the client has said everything.
func (b *blockingRoom) read(conn net.Conn, self member) error {
	said := prefix(conn.RemoteAddr())
	small := make([]byte, smallRead)
	var decoder lines.Decoder
	for full := false; ; {
		n, err := 0, error(nil)
		if full {
			large := readBuffers.Get().(*[8 << 10]byte)
			n, err = conn.Read(large[:])
			b.hear(conn, self, &decoder, said, large[:n])
			readBuffers.Put(large)
		} else {
			n, err = conn.Read(small)
			b.hear(conn, self, &decoder, said, small[:n])
		}
		full = n >= smallRead
		switch {
		case errors.Is(err, io.EOF):
			if line, ok := decoder.End(); ok {
				self.Send(render(said, line))
			}
			return nil
		case err != nil:
			return err
		}
	}
}

// hear passes on the lines that have come. What the client lets the server compute is computed right here: this goroutine
// has nobody else to care for.
func (b *blockingRoom) hear(conn net.Conn, self member, decoder *lines.Decoder, said string, p []byte) {
	for {
		line, rest, err := decoder.Next(p)
		if err == lines.ErrMore {
			return
		}
		p = rest
		if err != nil {
			continue // too long: it is passed over
		}
		if request, ok := asRequest(line); ok {
			// One Write is one piece, also if the writer writes at the same time. If it fails, the next Read says so.
			conn.Write(request.answer(b.observed))
			continue
		}
		self.Send(render(said, line))
	}
}

var writeBuffers = sync.Pool{New: func() any { return new([]byte) }}

// writeAll writes to a client what the others say, until it has left or does not take it any more.
//
// Step 4's writer lets all others run before it takes what there is. Here that would not gain anything that can be measured,
// and while somebody computes it would cost a time slice.
func writeAll(conn net.Conn, self member, left <-chan struct{}) {
	for {
		select {
		case <-left:
			return
		case <-self.Ready():
		}
		batch := writeBuffers.Get().(*[]byte)
		*batch = appendPending((*batch)[:0], self)
		_, err := conn.Write(*batch)
		writeBuffers.Put(batch)
		if err != nil {
			conn.Close() // ends the read
			return
		}
	}
}
