package compare

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A column is one figure of a row.
type column struct {
	title string
	cell  func(row) string
}

// columns are what is told of each kind of load.
var columns = map[kind][]column{
	talk: {
		{"deliveries/s", row.speed},
		{"times the article's", row.times},
		{"CPU µs/delivery", func(r row) string { return known("%.2f", r.cpu/1000) }},
		{"busy", func(r row) string { return known("%.0f %%", 100*r.busy) }},
		{"p50 ms", func(r row) string { return milliseconds(r.p50) }},
		{"p99 ms", func(r row) string { return milliseconds(r.p99) }},
		{"p99 to the last", func(r row) string { return milliseconds(r.last) }},
		{"lost", row.losses},
		{"MiB more", func(r row) string { return fmt.Sprintf("%.1f", r.growth/(1<<20)) }},
	},
	crowd: {
		{"clients", func(r row) string { return known("%.0f", r.clients) }},
		{"all are in after ms", func(r row) string { return known("%.0f", r.seated.Seconds()*1000) }},
		{"p50 to the last", func(r row) string { return milliseconds(r.lastP50) }},
		{"p99 to the last", func(r row) string { return milliseconds(r.last) }},
		{"lost", row.losses},
	},
	idle: {
		{"KiB/client", func(r row) string { return known("%.1f", r.memory/1024) }},
		{"times less", row.times},
	},
}

func (r row) speed() string {
	if r.frozen {
		return "frozen"
	}
	return fmt.Sprintf("%.0f", r.perSecond)
}

func (r row) times() string  { return known("%.2f", r.ratio) }
func (r row) losses() string { return fmt.Sprintf("%.0f", r.lost) }

// titles are those of the row's columns, and cells what stands in them.
func (r row) titles() (all []string) {
	for _, c := range columns[r.kind] {
		all = append(all, c.title)
	}
	return all
}

func (r row) cells() (all []string) {
	for _, c := range columns[r.kind] {
		all = append(all, c.cell(r))
	}
	return all
}

// unknown stands for a figure that there is none of.
const unknown = "-"

// writeText writes a table for each load, for people.
func writeText(w io.Writer, rows []row, pinned bool, t timing) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Median of %d rounds of %v. ", t.rounds, t.window)
	if pinned {
		b.WriteString("Server and generator have one processor core each.\n")
	} else {
		b.WriteString("Server and generator are not bound to cores: the figures scatter more.\n")
	}
	b.WriteString("A delivery is one message at one receiver. MiB more is what the server's memory grew by meanwhile.\n")
	for len(rows) > 0 {
		n := ofFirstLoad(rows)
		b.WriteString("\n" + rows[0].load + "\n")
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "\t%s\t\n", strings.Join(rows[0].titles(), "\t"))
		for _, r := range rows[:n] {
			fmt.Fprintf(table, "%s\t%s\t\n", r.server, strings.Join(r.cells(), "\t"))
		}
		table.Flush() // a strings.Builder takes everything
		rows = rows[n:]
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeMarkdown writes one table for each kind of load, for a chapter.
func writeMarkdown(w io.Writer, rows []row) error {
	var b strings.Builder
	last := ""
	for i, r := range rows {
		if i == 0 || r.kind != rows[i-1].kind {
			if i > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "| load | server | %s |\n| :-- | :-- |%s\n", strings.Join(r.titles(), " | "), strings.Repeat(" --: |", len(r.titles())))
		}
		load := r.load
		if load == last {
			load = ""
		}
		last = r.load
		fmt.Fprintf(&b, "| %s | %s | %s |\n", load, r.server, strings.Join(r.cells(), " | "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// ofFirstLoad returns how many rows are of the same load as the first.
func ofFirstLoad(rows []row) int {
	n := slices.IndexFunc(rows, func(r row) bool { return r.load != rows[0].load })
	if n < 0 {
		return len(rows)
	}
	return n
}

func milliseconds(d time.Duration) string { return known("%.2f", d.Seconds()*1000) }

func known(format string, figure float64) string {
	if figure == 0 {
		return unknown
	}
	return fmt.Sprintf(format, figure)
}
