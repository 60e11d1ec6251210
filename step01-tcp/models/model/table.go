package model

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Table writes the results to w, a line each, for people: as aligned text.
func Table(w io.Writer, results []Result) error { return writeTable(w, results, "  ", "") }

// MarkdownTable is Table for a chapter.
func MarkdownTable(w io.Writer, results []Result) error { return writeTable(w, results, " | ", "| ") }

// writeTable aligns the first column left and the others, which are figures, right.
func writeTable(w io.Writer, results []Result, separator, edge string) error {
	rows := [][]string{{"model", "held", "last answer (ms)", "memory (KiB/conn)", "threads"}}
	for _, r := range results {
		rows = append(rows, r.cells())
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}

	var b strings.Builder
	for i, row := range rows {
		b.WriteString(edge)
		for k, cell := range row {
			if k == 0 {
				fmt.Fprintf(&b, "%-*s", widths[k], cell)
			} else {
				fmt.Fprintf(&b, "%s%*s", separator, widths[k], cell)
			}
		}
		b.WriteString(strings.TrimRight(separator, " ") + "\n")
		if i == 0 && edge != "" {
			b.WriteString("| :-- |" + strings.Repeat(" --: |", len(row)-1) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// unknown stands for a figure that there is none of.
const unknown = "-"

func (r Result) cells() []string {
	last := formatMs(r.Last)
	if r.Unanswered > 0 {
		last = unknown
	}
	memory, threads := unknown, unknown
	if perConn, ok := r.PerConn(); ok {
		memory = fmt.Sprintf("%.1f", float64(perConn)/1024)
		if r.Full.Estimated {
			memory = "about " + memory
		}
	}
	if r.Full.Threads > 0 {
		threads = strconv.Itoa(r.Full.Threads)
	}
	return []string{r.Model, strconv.Itoa(r.Held), last, memory, threads}
}

func formatMs(d time.Duration) string {
	return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10)
}
