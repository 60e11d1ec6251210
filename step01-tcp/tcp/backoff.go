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

// A Backoff is the waiting of one accept loop. Trying again at once would only
// burn the CPU: when the process is out of file descriptors, Accept fails
// immediately, again and again, until a connection ends.
//
// Its Logger must be set. It belongs to one goroutine.
type Backoff struct {
	Logger *slog.Logger

	wait   time.Duration // the last wait; 0 after a success
	failed time.Time     // when Accept has failed last
}

// Next returns how long to wait after err: longer after each error in a row. Only the
// first error of a shortage is logged, or the log would flood.
func (b *Backoff) Next(err error) time.Duration {
	if time.Since(b.failed) > oneShortage {
		b.Logger.Warn("cannot accept for now, will try again", "err", err)
	}
	b.failed = time.Now()
	b.wait = min(max(2*b.wait, firstWait), longestWait)
	return b.wait
}

// Reset is called after a success.
func (b *Backoff) Reset() { b.wait = 0 }

// after waits as long as Next says; the end of ctx ends the wait.
func (b *Backoff) after(ctx context.Context, err error) {
	timer := time.NewTimer(b.Next(err))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// IsTransient reports whether an accept error will pass by itself: a client that
// went away before it was accepted, or a shortage of descriptors or memory. Which errors these
// are depends on the system. nil is none of them.
func IsTransient(err error) bool {
	return slices.ContainsFunc(transientErrors, func(transient error) bool {
		return errors.Is(err, transient)
	})
}
