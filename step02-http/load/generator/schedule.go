package generator

import (
	"context"
	"sync/atomic"
	"time"
)

// A schedule hands out the turns to send a request.
type schedule struct {
	begin    time.Time
	end      time.Time // zero: no limit
	count    int64     // 0: no limit
	interval float64   // between requests, in nanoseconds; 0: at once
	next     atomic.Int64
	skipped  atomic.Int64 // turns that were due and came too late to be sent
}

func newSchedule(l Load, begin time.Time) *schedule {
	s := &schedule{begin: begin, count: int64(l.Count)}
	if l.Duration > 0 {
		s.end = begin.Add(l.Duration)
	}
	if l.Rate > 0 {
		s.interval = float64(time.Second) / l.Rate
	}
	return s
}

// A turn is the right to send one request.
type turn struct {
	number int64 // from 0
	// due is when the request should be sent, in an open loop. In a closed one it
	// is zero, for there a request is due when somebody sends it.
	due time.Time
}

// take returns the next turn, when it is due. ok is false if there is none, or
// when ctx ends.
func (s *schedule) take(ctx context.Context) (t turn, ok bool) {
	for ctx.Err() == nil {
		t := turn{number: s.next.Add(1) - 1}
		if s.count > 0 && t.number >= s.count {
			return turn{}, false
		}
		if s.interval == 0 {
			return t, s.end.IsZero() || time.Now().Before(s.end)
		}
		t.due = s.begin.Add(time.Duration(float64(t.number) * s.interval))
		switch {
		case s.end.IsZero() || time.Now().Before(s.end) && t.due.Before(s.end):
			return waitFor(ctx, t)
		case !t.due.Before(s.end):
			return turn{}, false
		}
		// It was due while all connections were waiting for answers. To forget it
		// would be to omit what the server has done to it.
		s.skipped.Add(1)
	}
	return turn{}, false
}

// waitFor returns a turn when it is due. If it has to be waited for, its time counts
// from the end of the waiting: a timer is late by up to a millisecond, and that is no
// fault of the server.
func waitFor(ctx context.Context, t turn) (turn, bool) {
	if time.Now().Before(t.due) {
		if !sleepUntil(ctx, t.due) {
			return turn{}, false
		}
		t.due = time.Now()
	}
	return t, true
}

func sleepUntil(ctx context.Context, at time.Time) bool {
	wait := time.Until(at)
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
