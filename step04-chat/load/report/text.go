package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"example.com/async/step02-http/load/report"
)

// WriteText writes the report for people: what was sent, what became of it and how long it took, with a histogram.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	r.writeConfig(&b)
	r.writeSummary(&b)
	r.writeFaults(&b)
	if r.each.TotalCount() > 0 {
		r.writeTimes(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) writeConfig(b *strings.Builder) {
	c := r.Config
	fmt.Fprintf(b, "%s: %d clients, %d of them send", c.Address, c.Clients, c.Senders)
	if c.Stalled > 0 {
		fmt.Fprintf(b, ", %d more never read", c.Stalled)
	}
	if c.Window > 0 {
		fmt.Fprintf(b, ", %d messages in flight", c.Window)
	}
	if c.Rate > 0 {
		fmt.Fprintf(b, ", %g due each second", c.Rate)
	}
	if c.Typing > 0 {
		fmt.Fprintf(b, ", %g ms of typing in the middle of each line", c.Typing)
	}
	fmt.Fprintf(b, ", %d bytes each\n\n", c.Size)
}

func (r *Report) writeSummary(b *strings.Builder) {
	s := r.Summary
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "all in the room\tafter %.2f s\n", s.SeatedSeconds)
	fmt.Fprintf(table, "messages sent\t%d in %.2f s\n", s.Sent, s.Seconds)
	fmt.Fprintf(table, "deliveries\t%d\n", s.Delivered)
	fmt.Fprintf(table, "deliveries a second\t%.0f\n", s.PerSecond)
	fmt.Fprintf(table, "lost\t%d\n", s.Lost)
	if v := r.Server; v != nil {
		fmt.Fprintf(table, "server's processor time\t%.2f µs a delivery, %.0f %% of a core\n", v.CPUPerDelivery, 100*v.Busy)
		fmt.Fprintf(table, "server's memory\t%.1f MiB, %+.1f MiB since the first message\n", mib(v.After), mib(v.After-v.Before))
	}
	table.Flush() // a strings.Builder takes everything
}

// writeFaults says what went wrong, if anything did.
func (r *Report) writeFaults(b *strings.Builder) {
	s := r.Summary
	tell := func(n int64, format string, args ...any) {
		if n != 0 {
			fmt.Fprintf(b, "\n"+format+"\n", args...)
		}
	}
	switch {
	case s.Interrupted:
		fmt.Fprintf(b, "\nIt was interrupted: this is what there was by then, and %d messages were in flight.\n", s.InFlight)
	case s.Stuck:
		b.WriteString("\nThe server is stuck: messages were sent, and nothing arrived at anybody any more.\n")
	default:
		tell(int64(s.InFlight), "Long after the last was sent, %d messages were still in flight.", s.InFlight)
	}
	switch {
	case s.InFlight > 0 && s.Told > 0: // a notice comes before the message that shows what was lost
		fmt.Fprintf(b, "\nThe server has told of %d that were missed.\n", s.Told)
	case s.Lost > 0 && s.Told == 0:
		b.WriteString("\nThe server has told nobody that something was lost.\n")
	case s.Untold > 0:
		fmt.Fprintf(b, "\nThe server has told of %d that were missed; at %d receivers that is not what they have lost.\n", s.Told, s.Untold)
	case s.Told > 0:
		b.WriteString("\nThe server has told each receiver exactly how many it has missed.\n")
	}
	tell(s.Late, "%d came after later messages of the same sender.", s.Late)
	tell(s.Again, "%d came again.", s.Again)
	tell(s.Garbled, "%d lines were not what was sent.", s.Garbled)
	tell(s.Echoed, "%d came back to their sender.", s.Echoed)
	for _, why := range slices.Sorted(maps.Keys(s.Gone)) {
		tell(1, "The server has ended the connections of %d clients that read: %s.", s.Gone[why], why)
	}
}

func (r *Report) writeTimes(b *strings.Builder) {
	b.WriteString("\n")
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "times in ms\tmedian\tp99\tp99.9\tmax\t\n")
	r.Each.writeRow(table, "to each receiver")
	r.Last.writeRow(table, "to the last one")
	table.Flush()
	b.WriteString("\nTo each receiver:\n\n" + report.Histogram(r.each))
}

func (t *Times) writeRow(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name, t.Median, t.P99, t.P999, t.Max)
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }
