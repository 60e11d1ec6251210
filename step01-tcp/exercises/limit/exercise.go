//go:build !solution

package limit

import (
	"net"

	"example.com/async/internal/lesson"
)

// A Listener lets at most so many of its connections be open at the same time.
// Give it the fields that it needs.
type Listener struct {
	net.Listener
}

// New returns a Listener with n slots.
func New(listener net.Listener, n int) *Listener {
	return &Listener{Listener: listener}
}

// Accept takes a slot, waiting for one if all are taken, and then accepts. The
// slot is given back when the connection is closed: once, however often Close
// is called, also if two goroutines call it at the same time. It is given back as
// well when accepting fails.
//
// The connection that Accept returns still has the CloseWrite of the one that it
// wraps: see tcp.CloseWrite. A Close of the Listener ends an Accept that waits for a slot.
func (l *Listener) Accept() (net.Conn, error) {
	return nil, lesson.ErrNotStarted
}
