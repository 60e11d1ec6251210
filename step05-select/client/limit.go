package client

import (
	"time"

	"golang.org/x/time/rate"
)

// A limit slows a client down that talks too much. There is a bucket of tokens, which fills at a steady rate, and each line
// takes one. When the bucket is empty, the next line waits for its token, and nothing more is read from the
// client meanwhile: TCP pushes back. Whoever pastes a page gets it all through that way, a bit later. Who keeps on
// for longer than patience is not pasting: its lines are refused, until it pauses.
type limit struct {
	bucket *rate.Limiter // nil: no limit

	taken    bool      // the next line has its token
	until    time.Time // when the token is due
	since    time.Time // when lines began to wait without a pause; zero if the last one did not
	refusing bool
	refused  int // lines, not yet told of
}

// patience is for how long lines wait before they are refused.
const patience = 10 * time.Second

func newLimit(perSecond float64, burst int) *limit {
	if perSecond == 0 {
		return new(limit)
	}
	return &limit{bucket: rate.NewLimiter(rate.Limit(perSecond), burst)}
}

// allows reports whether the next line can be taken now. If not, it can at until.
func (l *limit) allows() bool {
	if l.bucket == nil {
		return true
	}
	now := time.Now()
	if !l.taken {
		l.take(now)
	}
	// Not when the token is taken: that may be long ago, before the pause. One token that has just come is none.
	if l.refusing && l.bucket.TokensAt(now) >= float64(l.bucket.Burst())/4 {
		l.refusing = false
	}
	return !now.Before(l.until)
}

// take takes a token, which may be one of the future.
func (l *limit) take(now time.Time) {
	l.taken = true
	wait := l.bucket.ReserveN(now, 1).DelayFrom(now)
	l.until = now.Add(wait)
	switch {
	case wait == 0:
		l.since = time.Time{}
	case l.since.IsZero():
		l.since = now
	case now.Sub(l.since) > patience:
		l.refusing = true
	}
}

// spend uses the token for a line. It reports false if the line is refused.
func (l *limit) spend() bool {
	l.taken = false
	if l.refusing {
		l.refused++
	}
	return !l.refusing
}
