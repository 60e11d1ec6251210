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

// Errors that follow each other sooner than this are one shortage. There may be a success in between:
// when there are no descriptors left, each client that leaves lets another one in.
const oneShortage = 10 * time.Second

// A backoff is the waiting of one accept loop. Trying again at once would only
// burn the CPU: when the process is out of file descriptors, Accept fails
// immediately, again and again, until a connection ends.
type backoff struct {
	logger *slog.Logger
	wait   time.Duration // the last wait; 0 after a success
	failed time.Time     // when Accept has failed last
}

// after waits, longer after each error in a row; the end of ctx ends the wait. Only the
// first error of a shortage is logged, or the log would flood.
func (b *backoff) after(ctx context.Context, err error) {
	if time.Since(b.failed) > oneShortage {
		b.logger.Warn("tcp: cannot accept for now, will try again", "err", err)
	}
	b.failed = time.Now()
	b.wait = min(max(2*b.wait, firstWait), longestWait)
	timer := time.NewTimer(b.wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// reset is called after a success.
func (b *backoff) reset() { b.wait = 0 }

// IsTransient reports whether an accept error will pass by itself: a client that
// went away before it was accepted, or a shortage of descriptors or memory. Which errors these
// are depends on the system. nil is none of them.
func IsTransient(err error) bool {
	return slices.ContainsFunc(transientErrors, func(transient error) bool {
		return errors.Is(err, transient)
	})
}
