package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteText writes the report for people: what became of the requests, of each
// endpoint, and how long they took, with a histogram.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	r.writeConfig(&b)
	r.writeSummary(&b)
	r.writeEndpoints(&b)
	if r.latency.TotalCount() > 0 {
		r.writeTimes(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) writeConfig(b *strings.Builder) {
	c := r.TestConfig
	fmt.Fprintf(b, "%s: ", c.URL)
	if c.Requests > 0 {
		fmt.Fprintf(b, "%d requests, ", c.Requests)
	}
	if c.Seconds > 0 {
		fmt.Fprintf(b, "%g s, ", c.Seconds)
	}
	if c.Rate > 0 {
		fmt.Fprintf(b, "%g due each second, ", c.Rate)
	}
	fmt.Fprintf(b, "%d connections", c.Connections)
	if c.Pipeline > 1 {
		fmt.Fprintf(b, ", %d requests at once on each", c.Pipeline)
	}
	if !c.KeepAlive {
		b.WriteString(", a new one for each request")
	}
	b.WriteString("\n\n")
}

func (r *Report) writeSummary(b *strings.Builder) {
	s := r.Summary
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "requests\t%d in %.2f s\n", s.TotalRequests, s.Seconds)
	fmt.Fprintf(table, "successful\t%d (%.1f %%)\n", s.SuccessfulRequests, s.SuccessRate)
	fmt.Fprintf(table, "failed\t%d\n", s.FailedRequests)
	fmt.Fprintf(table, "right answers\t%d (%.1f %%)\n", s.RightAnswers, s.RightRate)
	fmt.Fprintf(table, "answers a second\t%.0f\n", s.RequestsPerSecond)
	fmt.Fprintf(table, "connections opened\t%d\n", s.Connections)
	table.Flush() // a strings.Builder takes everything
	if s.Repeated > 0 {
		fmt.Fprintf(b, "\n%d requests were sent again: the server had closed their connection, and had not announced it.\n", s.Repeated)
	}
	if s.NeverSent > 0 {
		fmt.Fprintf(b, "\n%d requests were due and never sent: all connections were waiting for answers.\n", s.NeverSent)
	}
	if s.Interrupted {
		b.WriteString("\nIt was interrupted: this is what there was by then.\n")
	}
}

func (r *Report) writeEndpoints(b *strings.Builder) {
	b.WriteString("\n")
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "sent\tsuccessful\tright\t  status\n")
	for _, e := range r.Endpoints {
		fmt.Fprintf(table, "%d\t%d\t%d\t  %s: %s\n", e.Sent, e.Succeeded, e.Right, e.Request, statuses(e.Statuses))
	}
	table.Flush()
	for _, e := range r.Endpoints {
		for _, failure := range slices.Sorted(maps.Keys(e.Failures)) {
			fmt.Fprintf(b, "\n%s: %d of %d failed: %s.\n", e.Request, e.Failures[failure], e.Sent, failure)
		}
		if e.Right < e.Succeeded {
			fmt.Fprintf(b, "\n%s: %d of %d succeeded with other content than was asked for.\n", e.Request, e.Succeeded-e.Right, e.Sent)
		}
	}
}

// statuses tells how often there was which: "200 (334 times)".
func statuses(counts map[int]int64) string {
	if len(counts) == 0 {
		return "no answer"
	}
	var all []string
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%d (%d times)", status, counts[status]))
	}
	return strings.Join(all, ", ")
}

func (r *Report) writeTimes(b *strings.Builder) {
	b.WriteString("\n")
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "times in ms\taverage\tmin\tmedian\tp95\tp99\tmax\t\n")
	name := "answered"
	if r.ServiceTimeStats != nil {
		name = "from when it was due"
	}
	r.ResponseTimeStats.writeRow(table, name)
	if r.ServiceTimeStats != nil {
		r.ServiceTimeStats.writeRow(table, "from when it was sent")
	}
	table.Flush()
	b.WriteString("\n" + Histogram(r.latency))
}

func (s *ResponseTimeStats) writeRow(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name, s.Average, s.Min, s.Median, s.P95, s.P99, s.Max)
}
