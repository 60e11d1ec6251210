package report

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/load/generator"
)

// known is a result whose figures can be told by hand: 667 answers that took 1 ms to
// 667 ms, and 333 requests without one.
func known() (generator.Load, *generator.Result) {
	latency := hdrhistogram.New(1, time.Hour.Microseconds(), 3)
	for i := range int64(667) {
		latency.RecordValue((i + 1) * 1000)
	}
	return generator.Load{Count: 1000, Conns: 50}, &generator.Result{
		Elapsed: 2 * time.Second,
		Latency: latency,
		Endpoints: []generator.Count{
			{Name: "GET /", Sent: 334, Succeeded: 334, Right: 334, Statuses: map[int]int64{200: 334}},
			{Name: "GET /api/stats", Sent: 333, Succeeded: 333, Statuses: map[int]int64{200: 333}},
			{Name: "POST /echo", Sent: 333, Failures: map[string]int64{"the server closed the connection without an answer": 333}},
		},
		Bytes: 667 * 13, Opened: 740, Repeated: 407,
	}
}

func TestReport_tellsTheArticlesFigures(t *testing.T) {
	load, result := known()
	r := New("http://127.0.0.1:8080", load, result, false)
	assert.EqualValues(t, 1000, r.Summary.TotalRequests)
	assert.EqualValues(t, 667, r.Summary.SuccessfulRequests)
	assert.EqualValues(t, 333, r.Summary.FailedRequests)
	assert.InDelta(t, 66.7, r.Summary.SuccessRate, 1e-9)
	assert.InDelta(t, 33.4, r.Summary.RightRate, 1e-9)
	assert.InDelta(t, 333.5, r.Summary.RequestsPerSecond, 1e-9)

	// The histogram is right to 0.1 %.
	times := r.ResponseTimeStats
	assert.InEpsilon(t, 334, times.Average, 0.001)
	assert.InEpsilon(t, 1, times.Min, 0.001)
	assert.InEpsilon(t, 334, times.Median, 0.001)
	assert.InEpsilon(t, 634, times.P95, 0.001) // 667 * 0.95 = 633.65
	assert.InEpsilon(t, 661, times.P99, 0.001) // 667 * 0.99 = 660.33
	assert.InEpsilon(t, 667, times.Max, 0.001)
}

func TestReport_isTheArticlesJSON(t *testing.T) {
	load, result := known()
	var out bytes.Buffer
	require.NoError(t, New("http://127.0.0.1:8080", load, result, false).WriteJSON(&out))
	var parts struct {
		TestConfig        map[string]any `json:"test_config"`
		Summary           map[string]any `json:"summary"`
		ResponseTimeStats map[string]any `json:"response_time_stats"`
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &parts))
	assert.EqualValues(t, 50, parts.TestConfig["connections"])
	assert.EqualValues(t, 667, parts.Summary["successful_requests"])
	for _, name := range []string{"average_ms", "min_ms", "max_ms", "median_ms", "p95_ms", "p99_ms"} {
		assert.Contains(t, parts.ResponseTimeStats, name)
	}
}

// 50 ms and 500 ms lie on a bound, and are counted below it or above: the histogram knows times to 0.1 %.
func TestReport_saysForPeopleWhatFailedAndWhy(t *testing.T) {
	load, result := known()
	var out bytes.Buffer
	require.NoError(t, New("http://127.0.0.1:8080", load, result, true).WriteText(&out))
	assert.Equal(t, `
http://127.0.0.1:8080: 1000 requests, 50 connections

requests            1000 in 2.00 s
successful          667 (66.7 %)
failed              333
right answers       334 (33.4 %)
answers a second    334
connections opened  740

407 requests were sent again: the server had closed their connection, and had not announced it.

It was interrupted: this is what there was by then.

  sent  successful  right  status
   334         334    334  GET /: 200 (334 times)
   333         333      0  GET /api/stats: 200 (333 times)
   333           0      0  POST /echo: no answer

GET /api/stats: 333 of 333 succeeded with other content than was asked for.

POST /echo: 333 of 333 failed: the server closed the connection without an answer.

  times in ms  average    min   median      p95      p99      max
     answered  334.004  1.000  334.079  634.367  660.479  667.135

under    2ms         1  █
under    5ms         3  █
under   10ms         5  █
under   20ms        10  ██
under   50ms        31  ██████
under  100ms        50  █████████
under  200ms       100  █████████████████
under  500ms       300  ██████████████████████████████████████████████████
under     1s       167  ████████████████████████████
`, "\n"+out.String())
}

func TestReport_hasNothingToDivide(t *testing.T) {
	r := New("http://127.0.0.1:8080", generator.Load{Duration: time.Second, Conns: 1},
		&generator.Result{Latency: hdrhistogram.New(1, 1000, 3), Endpoints: []generator.Count{{Name: "GET /"}}}, true)
	assert.Zero(t, r.Summary.SuccessRate)
	assert.Zero(t, r.Summary.RequestsPerSecond)
	assert.Zero(t, r.ResponseTimeStats)
	require.NoError(t, r.WriteText(new(bytes.Buffer)))
	require.NoError(t, r.WriteJSON(new(bytes.Buffer)), "there is no NaN in JSON")
}

func TestReport_tellsBothTimesOfAnOpenLoop(t *testing.T) {
	load, result := known()
	load.Rate = 100
	result.Service = hdrhistogram.New(1, time.Hour.Microseconds(), 3)
	result.Service.RecordValue(5000)
	r := New("http://127.0.0.1:8080", load, result, false)
	require.NotNil(t, r.ServiceTimeStats)
	assert.InEpsilon(t, 5, r.ServiceTimeStats.Median, 0.001)
	var out bytes.Buffer
	require.NoError(t, r.WriteText(&out))
	assert.Contains(t, out.String(), "from when it was due")
	assert.Contains(t, out.String(), "from when it was sent")
}

func TestHistogram_countsEachTimeOnce(t *testing.T) {
	h := hdrhistogram.New(1, time.Hour.Microseconds(), 3)
	for _, us := range []int64{1, 2, 2, 9, 10, 1999, 3_600_000_000} {
		h.RecordValue(us)
	}
	lines := Histogram(h)
	assert.Contains(t, lines, "under    2µs         1 ")
	assert.Contains(t, lines, "under    5µs         2 ")
	assert.Contains(t, lines, "under   10µs         1 ")
	assert.Contains(t, lines, "under   20µs         1 ")
	assert.Contains(t, lines, "under    2ms         1 ")
	assert.Contains(t, lines, "         0\n", "an empty range between others is shown")
	assert.Contains(t, lines, "under 1h23m20s         1 ")
}
