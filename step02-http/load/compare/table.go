package compare

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// writeText writes a table for each load, with bars, for people.
func writeText(w io.Writer, rows []row, pinned bool, t timing) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Median of %d rounds of %v. ", t.rounds, t.window)
	if pinned {
		b.WriteString("Server and generator have one processor core each.\n")
	} else {
		b.WriteString("Server and generator are not bound to cores: the figures scatter more.\n")
	}
	b.WriteString("The bars say how many times cheaper a server is than " + NetHTTP.Name + ": in processor time,\nfor idle connections in memory. Longer is better.\n")
	b.WriteString("Where a server was busy for much less than 100 % of the time, the generator or another\nprogram was slower: then requests/s, p50 and p99 say little about the server.\n")
	byLoad(rows, func(load string, rows []row) {
		b.WriteString("\n" + load + "\n")
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "%s\t%s\t\n", "", strings.Join(columns(rows[0]), "\t"))
		for i, r := range rows {
			fmt.Fprintf(table, "%s\t%s\t  %s\n", r.server, strings.Join(r.cells(), "\t"), bars(rows)[i])
		}
		table.Flush() // a strings.Builder takes everything
	})
	_, err := io.WriteString(w, b.String())
	return err
}

// writeMarkdown writes one table for a chapter.
func writeMarkdown(w io.Writer, rows []row) error {
	var b strings.Builder
	b.WriteString("| load | server | " + strings.Join(requestColumns, " | ") + " | KiB/connection |\n")
	b.WriteString("| :-- | :-- |" + strings.Repeat(" --: |", len(requestColumns)+1) + "\n")
	for _, r := range rows {
		cells := append(r.requestCells(), unknown)
		if r.perSecond == 0 {
			cells = []string{unknown, unknown, unknown, unknown, unknown, r.ratioText(), r.memoryText()}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.load, r.server, strings.Join(cells, " | "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// unknown stands for a figure that there is none of.
const unknown = "-"

var (
	requestColumns = []string{"requests/s", "CPU µs/request", "busy", "p50 ms", "p99 ms", "times cheaper"}
	idleColumns    = []string{"KiB/connection", "times cheaper"}
)

// columns are the heads of a row's cells.
func columns(r row) []string {
	if r.perSecond == 0 {
		return idleColumns
	}
	return requestColumns
}

func (r row) cells() []string {
	if r.perSecond == 0 {
		return []string{r.memoryText(), r.ratioText()}
	}
	return r.requestCells()
}

func (r row) requestCells() []string {
	return []string{
		fmt.Sprintf("%.0f", r.perSecond),
		fmt.Sprintf("%.2f", r.cpu/1000),
		fmt.Sprintf("%.0f %%", 100*r.busy),
		fmt.Sprintf("%.3f", r.p50.Seconds()*1000),
		fmt.Sprintf("%.3f", r.p99.Seconds()*1000),
		r.ratioText(),
	}
}

func (r row) memoryText() string {
	if r.memory == 0 {
		return unknown
	}
	return fmt.Sprintf("%.1f", r.memory/1024)
}

func (r row) ratioText() string {
	if r.ratio == 0 {
		return unknown
	}
	return fmt.Sprintf("%.2f", r.ratio)
}
