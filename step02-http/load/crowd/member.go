package crowd

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"time"

	"example.com/async/step02-http/load/client"
)

// A member is one of the crowd, with one connection after the other.
type member struct {
	crowd   *Crowd
	slow    bool
	arrived bool
}

const (
	// pace is how long a slow member waits between two bytes.
	pace = time.Second
	// comeAgain is how long a member waits before its next connection.
	comeAgain = 100 * time.Millisecond
)

// run keeps a connection until the crowd leaves.
func (m *member) run() {
	for m.crowd.ctx.Err() == nil {
		m.visit()
		select {
		case <-time.After(comeAgain):
		case <-m.crowd.ctx.Done():
		}
	}
}

// visit opens a connection, and returns when it has ended.
func (m *member) visit() {
	ctx := m.crowd.ctx
	conn, err := m.dial()
	if err != nil {
		// Gather tells who hasn't come; later there is nothing to lose. A time-out has no reason to tell:
		// it is what a server looks like that allows no more.
		var timed net.Error
		if ctx.Err() == nil && !(errors.As(err, &timed) && timed.Timeout()) {
			m.crowd.dialFailed.Store(&err)
		}
		return
	}
	defer conn.Close()
	// Reads know nothing of a context: closing wakes them.
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	ended := &m.crowd.endedIdle
	if m.slow {
		ended = &m.crowd.endedSlow
		err = m.dawdle(conn)
	} else {
		err = m.idle(conn)
	}
	if err != nil && m.arrived && ctx.Err() == nil {
		ended.Add(1)
	}
}

func (m *member) dial() (net.Conn, error) {
	ctx := m.crowd.ctx
	select {
	case m.crowd.dialing <- struct{}{}:
		defer func() { <-m.crowd.dialing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, m.crowd.members.Timeout)
	defer cancel()
	return m.crowd.members.Dial(ctx)
}

// arrive is called when the connection stands.
func (m *member) arrive() {
	if m.arrived {
		return
	}
	m.arrived = true
	select {
	case m.crowd.arrived <- struct{}{}:
	case <-m.crowd.ctx.Done():
	}
}

// idle asks once, and then waits until the server ends the connection. The error is never nil.
func (m *member) idle(conn net.Conn) error {
	request := m.crowd.members.Request
	if _, err := conn.Write(request.Bytes); err != nil {
		return err
	}
	if _, err := client.NewReader(conn).Next(request.Method, false); err != nil {
		return err
	}
	m.arrive()
	// A buffer of a byte: there are thousands of us, and nothing should come.
	_, err := conn.Read(make([]byte, 1))
	return errors.Join(err, errEnded)
}

// dawdle sends a head that never ends, until the server has had enough. The error is never nil.
func (m *member) dawdle(conn net.Conn) error {
	line, _, _ := bytes.Cut(m.crowd.members.Request.Bytes, []byte("\n"))
	head := append(bytes.Clone(line), "\nX-Slow: "...)
	for i := 0; ; i++ {
		next := []byte("a")
		if i < len(head) {
			next = head[i : i+1]
		}
		if _, err := conn.Write(next); err != nil {
			return err
		}
		m.arrive()
		// The pause between two bytes, which ends early if the server says something.
		if err := conn.SetReadDeadline(time.Now().Add(pace)); err != nil {
			return err
		}
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			return errors.Join(err, errEnded)
		}
	}
}

// errEnded: the server has said something, or nothing more will come.
var errEnded = errors.New("the server has ended the connection")
