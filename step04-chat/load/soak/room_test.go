package soak

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A fault is what the test's room does wrong.
type fault struct {
	deaf     bool // passes nothing on
	drop     bool // drops each tenth line of the speaker without a word
	swap     bool // passes each tenth line of the speaker on after the next one
	keep     bool // leaves the connections of those who have left open
	throwOut bool // ends the connections of all when somebody resets his
	freeze   bool // passes nothing on any more when somebody resets his
}

// A room is a small chat room with one fault. A client that does not read for long is cut off.
type room struct {
	address string
	fault   fault

	mu     sync.Mutex
	conns  map[net.Conn]bool
	late   string // a line of the speaker that is held back
	frozen bool
}

func newRoom(t *testing.T, f fault) *room {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &room{address: listener.Addr().String(), fault: f, conns: make(map[net.Conn]bool)}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.conns[conn] = true
			r.mu.Unlock()
			running.Go(func() { r.serve(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		r.closeAll()
		running.Wait()
		r.closeAll()
	})
	return r
}

func (r *room) closeAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.conns {
		conn.Close()
	}
}

func (r *room) serve(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		r.pass(conn, lines.Text())
	}
	reset := lines.Err() != nil
	if reset && r.fault.throwOut {
		r.closeAll()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frozen = r.frozen || reset && r.fault.freeze
	if !r.fault.keep {
		conn.Close()
		delete(r.conns, conn)
	}
}

func (r *room) pass(from net.Conn, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := fmt.Sprintf("[%v] %s\n", from.RemoteAddr(), text)
	tenth := strings.HasPrefix(text, "~soak ") && strings.HasSuffix(text, "5")
	switch {
	case r.fault.deaf || r.frozen || r.fault.drop && tenth:
		return
	case r.fault.swap && tenth:
		r.late = line
		return
	case strings.HasPrefix(text, "~soak "):
		line, r.late = line+r.late, ""
	}
	for conn := range r.conns {
		if conn == from {
			continue
		}
		conn.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
		if _, err := conn.Write([]byte(line)); err != nil {
			conn.Close()
		}
	}
}
