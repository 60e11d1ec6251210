package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"example.com/async/step04-chat/load/generator"
)

// A Report is what there is to tell about a run. A delivery is one message at one receiver. Times are in milliseconds unless
// a name says otherwise.
type Report struct {
	Config  Config  `json:"config"`
	Summary Summary `json:"summary"`
	// Each is how long messages took to each receiver, Last to the last of all.
	Each Times `json:"to_each_receiver"`
	Last Times `json:"to_the_last_receiver"`
	// Server is what the server's process has used. It is nil where that is unknown.
	Server *Server `json:"server,omitempty"`

	each *hdrhistogram.Histogram
}

// Config is what was sent, and how.
type Config struct {
	Address string  `json:"address"`
	Clients int     `json:"clients"`
	Senders int     `json:"senders"`
	Stalled int     `json:"stalled,omitempty"`
	Window  int     `json:"window,omitempty"`
	Rate    float64 `json:"rate_per_s,omitempty"`
	Size    int     `json:"size_bytes"`
	Typing  float64 `json:"typing_ms,omitempty"`
	Count   int     `json:"count,omitempty"`
	Seconds float64 `json:"duration_s,omitempty"`
}

// Summary is what became of the messages. See [generator.Result].
type Summary struct {
	SeatedSeconds float64        `json:"seated_s"`
	Seconds       float64        `json:"total_time_s"`
	Sent          int64          `json:"sent"`
	Delivered     int64          `json:"delivered"`
	PerSecond     float64        `json:"deliveries_per_second"`
	Lost          int64          `json:"lost"`
	Told          int64          `json:"told_as_missed"`
	Untold        int            `json:"receivers_told_another_number"`
	Late          int64          `json:"late"`
	Again         int64          `json:"again"`
	Garbled       int64          `json:"garbled"`
	Echoed        int64          `json:"echoed"`
	Gone          map[string]int `json:"connections_ended,omitempty"`
	InFlight      int            `json:"in_flight_at_the_end,omitempty"`
	Stuck         bool           `json:"stuck,omitempty"`
	Interrupted   bool           `json:"interrupted,omitempty"`
}

// Times are how long it took, in milliseconds.
type Times struct {
	Median float64 `json:"median_ms"`
	P99    float64 `json:"p99_ms"`
	P999   float64 `json:"p99_9_ms"`
	Max    float64 `json:"max_ms"`
}

// Server is what the server's process has used.
type Server struct {
	// CPUPerDelivery is its processor time, in microseconds for each delivery.
	CPUPerDelivery float64 `json:"cpu_us_per_delivery"`
	// Busy is how many processor cores it has used, on average.
	Busy float64 `json:"cores_busy"`
	// Before and After are its resident memory in bytes: with all clients in the room before the first message,
	// and when the last had arrived.
	Before int64 `json:"memory_before_bytes"`
	After  int64 `json:"memory_after_bytes"`
}

// New makes the report of a run beside so many stalled clients, whose clients were in the room after seated.
func New(address string, load generator.Load, stalled int, seated time.Duration, result *generator.Result) *Report {
	return &Report{
		Config: Config{
			Address: address, Clients: load.Clients, Senders: load.Senders, Stalled: stalled, Window: load.Window,
			Rate: load.Rate, Size: load.Size, Typing: ms(load.Typing.Microseconds()), Count: load.Count, Seconds: load.Duration.Seconds(),
		},
		Summary: Summary{
			SeatedSeconds: seated.Seconds(), Seconds: result.Elapsed.Seconds(),
			Sent: result.Sent, Delivered: result.Delivered, PerSecond: perSecond(result.Delivered, result.Elapsed),
			Lost: result.Lost, Told: result.Told, Untold: result.Untold, Late: result.Late, Again: result.Again,
			Garbled: result.Garbled, Echoed: result.Echoed, Gone: result.Gone,
			InFlight: result.InFlight, Stuck: result.Stuck,
		},
		Each: times(result.Each), Last: times(result.Last),
		each: result.Each,
	}
}

// SetServer adds what the server has used for the run: processor time, and its memory before and after.
func (r *Report) SetServer(cpu time.Duration, before, after int64) {
	r.Server = &Server{Before: before, After: after}
	if s := r.Summary; s.Delivered > 0 && s.Seconds > 0 {
		r.Server.CPUPerDelivery = float64(cpu.Nanoseconds()) / 1000 / float64(s.Delivered)
		r.Server.Busy = cpu.Seconds() / s.Seconds
	}
}

// WriteJSON writes the report as JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

func times(h *hdrhistogram.Histogram) Times {
	if h.TotalCount() == 0 {
		return Times{}
	}
	return Times{
		Median: ms(h.ValueAtQuantile(50)), P99: ms(h.ValueAtQuantile(99)), P999: ms(h.ValueAtQuantile(99.9)), Max: ms(h.Max()),
	}
}

// ms makes milliseconds of microseconds.
func ms(us int64) float64 { return float64(us) / 1000 }

func perSecond(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}
