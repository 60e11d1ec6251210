package generator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"example.com/async/step02-http/load/client"
)

// A Load says what to send, and how.
type Load struct {
	// Dial opens a connection. It is called by several goroutines.
	Dial func(ctx context.Context) (net.Conn, error)
	// Endpoints are asked by turns: the first request goes to the first, and so on.
	Endpoints []Endpoint

	// Conns is how many connections are used at the same time, at least 1.
	Conns int
	// Count is how many requests are sent; 0 is no limit.
	Count int
	// Duration is how long requests are sent; 0 is no limit. Those that are under way when it ends
	// are waited for. One of Count and Duration must be set.
	Duration time.Duration
	// Rate is how many requests a second are due; 0 sends each as soon as a connection is
	// free. See the package comment.
	Rate float64
	// Pipeline is how many requests a connection sends at once, before it reads their
	// answers; 0 is 1. Together they must not be longer than 64 KiB.
	Pipeline int
	// OneShot opens a connection for each request and closes it after the answer. The requests should
	// say "Connection: close".
	OneShot bool
	// Timeout is how long a request may take from when it is sent, connecting
	// included; 0 is 10 s. It may take a quarter longer before that is noticed.
	Timeout time.Duration
}

// An Endpoint is a request that is sent again and again.
type Endpoint struct {
	client.Request
	// Right reports whether an answer is what was expected. nil: each answer with a
	// status of 2xx is. It is called by several goroutines.
	Right func(client.Response) bool
}

const (
	defaultTimeout = 10 * time.Second
	// maxBatch is how many bytes are written before anything is read. More than the
	// kernel's buffers hold would block both sides: the server doesn't read while it can't
	// write, because nobody reads here.
	maxBatch = 64 << 10
	// maxRate keeps the time between requests above 0.
	maxRate = 1e8
)

// Check says what is wrong with the load: what Start would refuse it for.
func (l Load) Check() error {
	_, err := l.withDefaults()
	return err
}

// withDefaults returns the load with each 0 made the default, or says what is wrong with it.
func (l Load) withDefaults() (Load, error) {
	if l.Pipeline == 0 {
		l.Pipeline = 1
	}
	if l.Timeout == 0 {
		l.Timeout = defaultTimeout
	}
	longest := 0
	for _, endpoint := range l.Endpoints {
		longest = max(longest, len(endpoint.Bytes))
	}
	switch {
	case l.Dial == nil || len(l.Endpoints) == 0:
		return l, errors.New("there is nobody to ask, or nothing")
	case l.Conns < 1:
		return l, errors.New("there must be at least 1 connection")
	case l.Count < 0 || l.Duration < 0 || l.Count == 0 && l.Duration == 0:
		return l, errors.New("how many requests, or for how long?")
	case l.Timeout < 0:
		return l, errors.New("the time-out is negative")
	case !(l.Rate >= 0 && l.Rate <= maxRate):
		return l, fmt.Errorf("the rate must be between 0 and %.0f requests a second", maxRate)
	case l.Pipeline < 1: // 0 was made 1
		return l, errors.New("at least 1 request must be sent at once")
	case l.Pipeline > 1 && l.Rate > 0:
		return l, errors.New("requests that are due one by one can't be pipelined")
	case l.Pipeline > 1 && l.OneShot:
		return l, errors.New("requests on connections of their own can't be pipelined")
	case l.Pipeline > 1 && l.Pipeline > maxBatch/max(1, longest):
		return l, fmt.Errorf("pipelined requests may be %d KiB together", maxBatch>>10)
	}
	return l, nil
}
