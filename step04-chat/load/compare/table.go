package compare

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

var (
	talkColumns = []string{"deliveries/s", "times the article's", "CPU µs/delivery", "busy", "p50 ms", "p99 ms", "p99 to the last", "lost", "MiB more"}
	idleColumns = []string{"KiB/client", "times less"}
)

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
		fmt.Fprintf(table, "\t%s\t\n", strings.Join(rows[0].columns(), "\t"))
		for _, r := range rows[:n] {
			fmt.Fprintf(table, "%s\t%s\t\n", r.server, strings.Join(r.cells(), "\t"))
		}
		table.Flush() // a strings.Builder takes everything
		rows = rows[n:]
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeMarkdown writes one table for what was said, and one for who was silent, for a chapter.
func writeMarkdown(w io.Writer, rows []row) error {
	var b strings.Builder
	last := ""
	for i, r := range rows {
		if i == 0 || r.idle() != rows[i-1].idle() {
			if i > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "| load | server | %s |\n| :-- | :-- |%s\n", strings.Join(r.columns(), " | "), strings.Repeat(" --: |", len(r.columns())))
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

// idle reports whether a row tells of memory alone.
func (r row) idle() bool {
	return slices.ContainsFunc(loads, func(l load) bool { return l.name == r.load && l.idle })
}

func (r row) columns() []string {
	if r.idle() {
		return idleColumns
	}
	return talkColumns
}

func (r row) cells() []string {
	if r.idle() {
		return []string{known("%.1f", r.memory/1024), known("%.2f", r.ratio)}
	}
	cells := []string{
		fmt.Sprintf("%.0f", r.perSecond),
		known("%.2f", r.ratio),
		known("%.2f", r.cpu/1000),
		known("%.0f %%", 100*r.busy),
		milliseconds(r.p50),
		milliseconds(r.p99),
		milliseconds(r.last),
		fmt.Sprintf("%.0f", r.lost),
		fmt.Sprintf("%.1f", r.growth/(1<<20)),
	}
	if r.frozen {
		cells[0] = "frozen"
	}
	return cells
}

func milliseconds(d time.Duration) string { return known("%.2f", d.Seconds()*1000) }

func known(format string, figure float64) string {
	if figure == 0 {
		return unknown
	}
	return fmt.Sprintf(format, figure)
}
