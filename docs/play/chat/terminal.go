package chat

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// A terminal is a TCP client of the room, as nc is one.
type terminal struct {
	name   string
	pace   *pace
	screen screen
	typed  chan string   // lines that it has to send
	again  chan struct{} // asks for a new connection
	now    atomic.Pointer[connection]
}

// A connection is what a terminal has read through one connection: after another one, it is a newcomer.
type connection struct {
	net.Conn
	address string        // its own
	read    atomic.Uint64 // messages
	told    atomic.Uint64 // how many it has missed, as the server says
	over    atomic.Bool
	// hangUp ends it from this side. A client that does not read does not see that the server has cut it off.
	hangUp context.CancelFunc
}

// mostTyped is how many lines may wait until the server takes them. A server that has a client wait, because
// it does not read what others say, takes none.
const mostTyped = 16

func newTerminal(name string) *terminal {
	return &terminal{name: name, pace: newPace(asFastAsItCan), typed: make(chan string, mostTyped), again: make(chan struct{}, 1)}
}

// run talks to the server at address until ctx ends. When the server ends a connection, it waits to be asked
// before it opens another one.
func (t *terminal) run(ctx context.Context, address string) {
	for ctx.Err() == nil {
		why := t.talk(ctx, address)
		t.screen.add("(" + why + ")")
		select {
		case <-t.again:
		case <-ctx.Done():
		}
	}
}

// talk opens a connection and uses it until its end, and says what that was. It leaves no goroutine.
func (t *terminal) talk(ctx context.Context, address string) (why string) {
	dialer := net.Dialer{Timeout: 5 * time.Second, Control: smallReceiveBuffer}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return "nobody answers"
	}
	_ = conn.(*net.TCPConn).SetWriteBuffer(kernelBuffer) // so that it is soon noticed when the server takes no lines
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &connection{Conn: conn, address: conn.LocalAddr().String(), hangUp: cancel}
	t.now.Store(c)
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // ends a Read or Write that waits
	defer stop()
	read := make(chan string, 1)
	go func() {
		read <- t.readAll(ctx, c)
		cancel()
	}()
	t.writeAll(ctx, c)
	cancel()
	why = <-read
	conn.Close()
	c.over.Store(true)
	return why
}

// writeAll sends what is typed until ctx ends. A failed write is left to the reader, who reads what is left and then
// sees the end.
func (t *terminal) writeAll(ctx context.Context, c *connection) {
	for {
		select {
		case line := <-t.typed:
			_, _ = io.WriteString(c, line+"\n")
		case <-ctx.Done():
			return
		}
	}
}

// readAhead is how much is read at once. It is little, for what was read and is not shown would be missing in the
// picture.
const readAhead = 1 << 10

// readAll reads at its pace until the end, and says what that was.
func (t *terminal) readAll(ctx context.Context, c *connection) (why string) {
	reader := bufio.NewReaderSize(c, readAhead)
	for t.pace.wait(ctx) {
		line, err := reader.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return "the server has ended the connection"
		}
		t.take(c, strings.TrimSuffix(string(line), "\n"))
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a long line
			_, err = reader.ReadSlice('\n')
		}
	}
	return "this terminal has hung up"
}

// take counts a line, and shows it. A message begins with an address in brackets; what the server says itself, with
// a star.
func (t *terminal) take(c *connection, line string) {
	var missed uint64
	switch _, err := fmt.Sscanf(line, "* you missed %d message", &missed); {
	case err == nil:
		c.told.Add(missed)
	case strings.HasPrefix(line, "["):
		c.read.Add(1)
	}
	t.screen.add(line)
}
