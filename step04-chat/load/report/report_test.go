package report

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/load/generator"
)

// known is a result whose figures can be told by hand: 100 messages to 10 receivers each, which took 1 ms to
// 100 ms, the same to all.
func known() (generator.Load, *generator.Result) {
	each, last := hdrhistogram.New(1, time.Hour.Microseconds(), 3), hdrhistogram.New(1, time.Hour.Microseconds(), 3)
	for i := range int64(100) {
		each.RecordValues((i+1)*1000, 10)
		last.RecordValue((i + 1) * 1000)
	}
	load := generator.Load{Clients: 11, Senders: 2, Window: 64, Size: 32, Duration: 2 * time.Second}
	return load, &generator.Result{Elapsed: 2 * time.Second, Sent: 100, Delivered: 1000, Each: each, Last: last}
}

func TestReport_tellsTheFigures(t *testing.T) {
	load, result := known()
	r := New("127.0.0.1:8080", load, 0, 30*time.Millisecond, result)
	r.SetServer(5*time.Millisecond, 10<<20, 12<<20)
	assert.EqualValues(t, 500, r.Summary.PerSecond)
	assert.InDelta(t, 5, r.Server.CPUPerDelivery, 1e-9, "5 ms for 1000")
	assert.InDelta(t, 0.0025, r.Server.Busy, 1e-9, "5 ms of 2 s")
	// The histogram is right to 0.1 %.
	assert.InEpsilon(t, 50, r.Each.Median, 0.001)
	assert.InEpsilon(t, 99, r.Each.P99, 0.001)
	assert.InEpsilon(t, 100, r.Each.P999, 0.001)
	assert.InEpsilon(t, 100, r.Last.Max, 0.001)
}

// 50 ms and 100 ms lie on a bound, and are counted below it: the histogram knows times to 0.1 %.
func TestReport_isAPageForPeople(t *testing.T) {
	load, result := known()
	r := New("127.0.0.1:8080", load, 0, 30*time.Millisecond, result)
	r.SetServer(5*time.Millisecond, 10<<20, 12<<20)
	var out bytes.Buffer
	require.NoError(t, r.WriteText(&out))
	assert.Equal(t, `
127.0.0.1:8080: 11 clients, 2 of them send, 64 messages in flight, 32 bytes each

all in the room          after 0.03 s
messages sent            100 in 2.00 s
deliveries               1000
deliveries a second      500
lost                     0
server's processor time  5.00 µs a delivery, 0 % of a core
server's memory          12.0 MiB, +2.0 MiB since the first message

       times in ms  median     p99    p99.9      max
  to each receiver  50.015  99.007  100.031  100.031
   to the last one  50.015  99.007  100.031  100.031

To each receiver:

under    2ms        10  █
under    5ms        30  ███
under   10ms        50  █████
under   20ms       100  ██████████
under   50ms       310  ███████████████████████████████
under  100ms       500  ██████████████████████████████████████████████████
under  200ms         0
`, "\n"+out.String())
}

func TestReport_saysWhatWentWrong(t *testing.T) {
	const (
		toldNobody = "has told nobody that something was lost"
		toldRight  = "has told each receiver exactly"
		toldWrong  = "has told of 7 that were missed; at 2 receivers that is not what they have lost"
	)
	for says, change := range map[string]func(*Report){
		toldNobody:                          func(r *Report) { r.Summary.Lost, r.Summary.Untold = 8, 2 },
		toldRight:                           func(r *Report) { r.Summary.Lost, r.Summary.Told = 7, 7 },
		toldWrong:                           func(r *Report) { r.Summary.Lost, r.Summary.Told, r.Summary.Untold = 8, 7, 2 },
		"has told of 7 that were missed.\n": func(r *Report) { r.Summary.Lost, r.Summary.Told, r.Summary.Untold, r.Summary.InFlight = 8, 7, 2, 1 },
		"It was interrupted: this is what there was by then, and 3 messages were in flight.": func(r *Report) { r.Summary.Interrupted, r.Summary.InFlight = true, 3 },
		"The server is stuck": func(r *Report) { r.Summary.Stuck = true },
		"Long after the last was sent, 9 messages were still in flight": func(r *Report) { r.Summary.InFlight = 9 },
		"1 came after later messages":                                   func(r *Report) { r.Summary.Late = 1 },
		"2 came again":                                                  func(r *Report) { r.Summary.Again = 2 },
		"3 lines were not what was sent":                                func(r *Report) { r.Summary.Garbled = 3 },
		"4 came back to their sender":                                   func(r *Report) { r.Summary.Echoed = 4 },
		"the connections of 5 clients that read: EOF":                   func(r *Report) { r.Summary.Gone = map[string]int{"EOF": 5} },
		"11 clients, 2 of them send, 6 more never read, 7 due each second, 8 ms of typing": func(r *Report) {
			r.Config.Window, r.Config.Stalled, r.Config.Rate, r.Config.Typing = 0, 6, 7, 8
		},
	} {
		load, result := known()
		r := New("127.0.0.1:8080", load, 0, 0, result)
		var before, after bytes.Buffer
		require.NoError(t, r.WriteText(&before))
		assert.NotContains(t, before.String(), says)
		change(r)
		require.NoError(t, r.WriteText(&after))
		assert.Contains(t, after.String(), says)
	}
}

func TestReport_isJSON(t *testing.T) {
	load, result := known()
	var out bytes.Buffer
	require.NoError(t, New("127.0.0.1:8080", load, 1, time.Second, result).WriteJSON(&out))
	var parts struct {
		Config, Summary map[string]any
		Each            map[string]float64 `json:"to_each_receiver"`
		Last            map[string]float64 `json:"to_the_last_receiver"`
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &parts))
	assert.EqualValues(t, 11, parts.Config["clients"])
	assert.EqualValues(t, 1, parts.Config["stalled"])
	assert.EqualValues(t, 1000, parts.Summary["delivered"])
	assert.InEpsilon(t, 99, parts.Each["p99_ms"], 0.001)
	assert.InEpsilon(t, 100, parts.Last["p99_9_ms"], 0.001)
}

func TestReport_hasNothingToDivide(t *testing.T) {
	load, result := known()
	*result = generator.Result{Each: hdrhistogram.New(1, 1000, 3), Last: hdrhistogram.New(1, 1000, 3)}
	r := New("127.0.0.1:8080", load, 0, 0, result)
	r.SetServer(time.Second, 0, 0)
	assert.Zero(t, r.Summary.PerSecond)
	assert.Zero(t, r.Server.CPUPerDelivery)
	require.NoError(t, r.WriteText(new(bytes.Buffer)))
	require.NoError(t, r.WriteJSON(new(bytes.Buffer)), "there is no NaN in JSON")
}
