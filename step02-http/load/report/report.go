package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"example.com/async/step02-http/load/generator"
)

// A Report is what there is to tell about a run. All times are in milliseconds
// unless a name says otherwise.
type Report struct {
	TestConfig        TestConfig        `json:"test_config"`
	Summary           Summary           `json:"summary"`
	ResponseTimeStats ResponseTimeStats `json:"response_time_stats"`
	// ServiceTimeStats is without the waiting for a free connection. Only an open
	// loop has it.
	ServiceTimeStats *ResponseTimeStats `json:"service_time_stats,omitempty"`
	Endpoints        []Endpoint         `json:"endpoints"`

	latency *hdrhistogram.Histogram
}

// TestConfig is what was asked, and how.
type TestConfig struct {
	URL         string   `json:"url"`
	Endpoints   []string `json:"endpoints"`
	Requests    int      `json:"requests,omitempty"`
	Seconds     float64  `json:"duration_s,omitempty"`
	Connections int      `json:"connections"`
	Rate        float64  `json:"rate_per_s,omitempty"`
	Pipeline    int      `json:"pipeline"`
	KeepAlive   bool     `json:"keep_alive"`
}

// Summary is what became of the requests.
type Summary struct {
	TotalRequests      int64   `json:"total_requests"`
	SuccessfulRequests int64   `json:"successful_requests"`
	FailedRequests     int64   `json:"failed_requests"`
	SuccessRate        float64 `json:"success_rate_percent"`
	RightAnswers       int64   `json:"right_answers"`
	RightRate          float64 `json:"right_rate_percent"`
	Seconds            float64 `json:"total_time_s"`
	RequestsPerSecond  float64 `json:"requests_per_second"`
	Bytes              int64   `json:"content_bytes"`
	Connections        int64   `json:"connections_opened"`
	Repeated           int64   `json:"repeated_requests"`
	NeverSent          int64   `json:"never_sent,omitempty"`
	Interrupted        bool    `json:"interrupted,omitempty"`
}

// ResponseTimeStats are the times of all requests that were answered, in milliseconds.
type ResponseTimeStats struct {
	Average float64 `json:"average_ms"`
	Min     float64 `json:"min_ms"`
	Max     float64 `json:"max_ms"`
	Median  float64 `json:"median_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
}

// Endpoint is what became of the requests to one endpoint.
type Endpoint struct {
	Request   string           `json:"request"`
	Sent      int64            `json:"sent"`
	Succeeded int64            `json:"succeeded"`
	Right     int64            `json:"right"`
	Statuses  map[int]int64    `json:"statuses"`
	Failures  map[string]int64 `json:"failures,omitempty"`
}

// New makes the report of a run. interrupted says that somebody has ended it early.
func New(url string, load generator.Load, result *generator.Result, interrupted bool) *Report {
	r := &Report{
		TestConfig: TestConfig{
			URL: url, Requests: load.Count, Seconds: load.Duration.Seconds(), Connections: load.Conns,
			Rate: load.Rate, Pipeline: max(1, load.Pipeline), KeepAlive: !load.OneShot,
		},
		Summary: Summary{
			TotalRequests:      result.Sent(),
			SuccessfulRequests: result.Succeeded(),
			FailedRequests:     result.Sent() - result.Succeeded(),
			SuccessRate:        percent(result.Succeeded(), result.Sent()),
			RightAnswers:       result.Right(),
			RightRate:          percent(result.Right(), result.Sent()),
			Seconds:            result.Elapsed.Seconds(),
			RequestsPerSecond:  perSecond(result.Answered(), result.Elapsed),
			Bytes:              result.Bytes,
			Connections:        result.Opened,
			Repeated:           result.Repeated,
			NeverSent:          result.Skipped,
			Interrupted:        interrupted,
		},
		ResponseTimeStats: stats(result.Latency),
		latency:           result.Latency,
	}
	if result.Service != nil {
		service := stats(result.Service)
		r.ServiceTimeStats = &service
	}
	for _, c := range result.Endpoints {
		r.TestConfig.Endpoints = append(r.TestConfig.Endpoints, c.Name)
		r.Endpoints = append(r.Endpoints, Endpoint{c.Name, c.Sent, c.Succeeded, c.Right, c.Statuses, c.Failures})
	}
	return r
}

// WriteJSON writes the report as the article's JSON, with what it leaves out.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

func stats(h *hdrhistogram.Histogram) ResponseTimeStats {
	if h.TotalCount() == 0 {
		return ResponseTimeStats{}
	}
	return ResponseTimeStats{
		Average: h.Mean() / 1000,
		Min:     ms(h.Min()),
		Max:     ms(h.Max()),
		Median:  ms(h.ValueAtQuantile(50)),
		P95:     ms(h.ValueAtQuantile(95)),
		P99:     ms(h.ValueAtQuantile(99)),
	}
}

// ms makes milliseconds of microseconds.
func ms(us int64) float64 { return float64(us) / 1000 }

// percent is 0 of nothing.
func percent(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

func perSecond(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}
