package tcp

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// After a transient accept error the loop waits: firstWait, then twice as
// long each time, up to longestWait. net/http does the same.
const (
	firstWait   = 5 * time.Millisecond
	longestWait = time.Second
)

// A backoff is the waiting of one accept loop. Trying again at once would only
// burn the CPU: when the process is out of file descriptors, Accept fails
// immediately, again and again, until a connection ends.
type backoff struct {
	logger *slog.Logger
	wait   time.Duration // the last wait; 0 after a success
	failed int           // how often in a row
}

// after waits, longer after each error in a row; the end of ctx ends the wait. The
// first error of a burst is logged; the others are only counted, or the log
// would flood.
func (b *backoff) after(ctx context.Context, err error) {
	b.failed++
	if b.wait == 0 {
		b.logger.Warn("tcp: cannot accept for now, will try again", "err", err)
		b.wait = firstWait
	} else {
		b.wait = min(2*b.wait, longestWait)
	}
	timer := time.NewTimer(b.wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// reset is called after a success.
func (b *backoff) reset() {
	if b.wait == 0 {
		return
	}
	b.logger.Debug("tcp: accepting again", "failed", b.failed)
	b.wait, b.failed = 0, 0
}

// IsTransient reports whether an accept error will pass by itself: a client that
// went away before it was accepted, or a shortage of descriptors or memory. Which errors these
// are depends on the system. nil is none of them.
func IsTransient(err error) bool {
	return slices.ContainsFunc(transientErrors, func(transient error) bool {
		return errors.Is(err, transient)
	})
}
