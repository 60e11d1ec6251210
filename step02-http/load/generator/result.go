package generator

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Result is what a run has found out.
type Result struct {
	// Elapsed is from the start, or the last Reset, to the end.
	Elapsed time.Duration
	// Latency holds the times of all requests that were answered, whatever the status, in
	// microseconds. They count from when a request was sent, connecting included if it had
	// to be; with a Rate, from when it was due.
	Latency *hdrhistogram.Histogram
	// Service is the same from when the request was sent, if there is a Rate: what a generator
	// would tell that forgets how long requests have waited. Else it is nil.
	Service *hdrhistogram.Histogram
	// Endpoints tells of each Endpoint of the Load, in their order.
	Endpoints []Count
	// Bytes is how many bytes of content were received.
	Bytes int64
	// Opened is how many connections were opened.
	Opened int64
	// Repeated is how many requests were sent again, because a connection that
	// had served others was closed before their answer (RFC 9112 section 9.3.1).
	Repeated int64
	// Skipped is how many requests were due and were never sent, because the
	// connections were busy until the end. 0 without a Rate.
	Skipped int64
}

// A Count is what became of the requests to one endpoint.
type Count struct {
	// Name is the request's: "GET /".
	Name string
	// Sent is how many requests came to an end, answered or not.
	Sent int64
	// Succeeded is how many answers had a status of 2xx, Right how many were what was expected.
	Succeeded, Right int64
	// Statuses counts the answers by status.
	Statuses map[int]int64
	// Failures counts the requests without an answer by what happened.
	Failures map[string]int64
}

// Latencies from 1 µs to 1 h, with an error of at most 0.1 %: 200 KiB for any number of them.
const (
	longest = int64(time.Hour / time.Microsecond)
	digits  = 3
)

func newResult(l Load) *Result {
	r := &Result{Latency: hdrhistogram.New(1, longest, digits)}
	if l.Rate > 0 {
		r.Service = hdrhistogram.New(1, longest, digits)
	}
	for _, endpoint := range l.Endpoints {
		r.Endpoints = append(r.Endpoints, Count{Name: endpoint.Name, Statuses: make(map[int]int64), Failures: make(map[string]int64)})
	}
	return r
}

// Answered is how many requests were answered, whatever the status.
func (r *Result) Answered() int64 { return r.Latency.TotalCount() }

// Sent is how many requests came to an end, answered or not.
func (r *Result) Sent() int64 { return r.sum(func(c Count) int64 { return c.Sent }) }

// Failed is how many requests were not answered.
func (r *Result) Failed() int64 { return r.Sent() - r.Answered() }

// Succeeded is how many answers had a status of 2xx.
func (r *Result) Succeeded() int64 { return r.sum(func(c Count) int64 { return c.Succeeded }) }

// Right is how many answers were what was expected.
func (r *Result) Right() int64 { return r.sum(func(c Count) int64 { return c.Right }) }

func (r *Result) sum(of func(Count) int64) (sum int64) {
	for _, c := range r.Endpoints {
		sum += of(c)
	}
	return sum
}

// An outcome is what became of one request.
type outcome struct {
	endpoint int
	status   int    // 0 if there was no answer
	failure  string // then this is why
	right    bool
	bytes    int64
	latency  time.Duration
	service  time.Duration
}

func (r *Result) add(o *outcome) {
	c := &r.Endpoints[o.endpoint]
	c.Sent++
	if o.status == 0 {
		countFailure(c.Failures, o.failure)
		return
	}
	c.Statuses[o.status]++
	r.Bytes += o.bytes
	if o.status/100 == 2 {
		c.Succeeded++
	}
	if o.right {
		c.Right++
	}
	observe(r.Latency, o.latency)
	if r.Service != nil {
		observe(r.Service, o.service)
	}
}

func observe(h *hdrhistogram.Histogram, d time.Duration) {
	// It can't fail: the value is within the histogram's range.
	h.RecordValue(min(max(1, d.Microseconds()), longest))
}
