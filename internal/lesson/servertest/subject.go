package servertest

import (
	"context"
	"net"
	"testing"
	"testing/synctest"

	"example.com/async/internal/lesson"
)

// A Server serves the connections of a listener until ctx ends, and closes the listener. It
// returns nil when ctx has ended it in good order. It mirrors step 1's tcp.Server.Serve.
type Server interface {
	Serve(ctx context.Context, listener net.Listener) error
}

// ServeFunc makes a Server of a function.
type ServeFunc func(ctx context.Context, listener net.Listener) error

// Serve calls f.
func (f ServeFunc) Serve(ctx context.Context, listener net.Listener) error { return f(ctx, listener) }

// A Subject is one implementation on one network. Settings is the type that says what the
// server shall do: that of the step's own server.
type Subject[Settings any] struct {
	// New returns a fresh server that does what the settings say. It may use the
	// settings themselves as the server.
	New func(settings *Settings) Server
	// Network is where the cases listen and dial.
	Network lesson.Network
}

// Run runs the cases against the servers that newServer returns, in memory, where time is
// virtual, and over loopback, as subtests "memory" and "loopback" of t.
func Run[Settings any](t *testing.T, cases []lesson.Case[Subject[Settings]], newServer func(settings *Settings) Server) {
	t.Run("memory", func(t *testing.T) {
		lesson.RunInBubble(t, cases, Subject[Settings]{New: newServer, Network: lesson.Memory})
	})
	t.Run("loopback", func(t *testing.T) {
		lesson.Run(t, cases, Subject[Settings]{New: newServer, Network: lesson.Loopback})
	})
}

// Settle waits, in memory, until every goroutine has gone as far as it can. Over
// loopback nobody can know that: it returns at once, and the case is weaker there.
func (s Subject[Settings]) Settle() {
	if s.Network.Name == lesson.Memory.Name {
		synctest.Wait()
	}
}
