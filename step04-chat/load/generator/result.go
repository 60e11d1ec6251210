package generator

import (
	"errors"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Result is what a run has found out, from its Start, or the last Reset, on. A delivery is one message at one receiver.
type Result struct {
	// Elapsed is until the last sender has ended, or later, until what was in flight has arrived.
	Elapsed time.Duration
	// Sent is how many messages were sent: what a connection had not taken when it, or the run, ended is not counted.
	Sent int64
	// Delivered is how many deliveries were in order. Lost is how many there should have been besides.
	Delivered, Lost int64
	// Told is how many messages the server has said were missed, Untold at how many receivers that is
	// another number than those that it has lost. After a Reset, or
	// with messages InFlight, Untold says nothing.
	Told   int64
	Untold int
	// Late is how many deliveries came after later messages of the same sender, Again how many came twice.
	Late, Again int64
	// Garbled is how many lines looked like one of ours and were not what was sent, Echoed how many came back to their own
	// sender.
	Garbled, Echoed int64
	// InFlight is how many messages were in flight at the end: when the run was interrupted, or when messages
	// still arrived 10 s after the last was sent.
	InFlight int
	// Stuck says that the run was ended because nothing moved any more. What was in flight is Lost then.
	Stuck bool
	// Gone counts the connections that the server has ended, by what was seen of it.
	Gone map[string]int

	// Each holds how long messages took to each receiver, Last how long to the last of
	// all, if nobody has lost it. Both in microseconds.
	Each, Last *hdrhistogram.Histogram
}

// Times from 1 µs to 1 h, with an error of at most 0.1 %.
const (
	longest = int64(time.Hour / time.Microsecond)
	digits  = 3
)

func newResult() *Result {
	return &Result{
		Gone: make(map[string]int),
		Each: hdrhistogram.New(1, longest, digits),
		Last: hdrhistogram.New(1, longest, digits),
	}
}

func observe(h *hdrhistogram.Histogram, d time.Duration) {
	// It can't fail: the value is within the histogram's range.
	h.RecordValue(min(max(1, d.Microseconds()), longest))
}

// maxCauses bounds the number of names: a server must not choose how much memory they take.
const maxCauses = 16

func (r *Result) countGone(why error) {
	// The innermost cause names no address: "connection reset by peer".
	for cause := why; cause != nil; cause = errors.Unwrap(cause) {
		why = cause
	}
	name := why.Error()
	if _, known := r.Gone[name]; !known && len(r.Gone) >= maxCauses {
		name = "other"
	}
	r.Gone[name]++
}
