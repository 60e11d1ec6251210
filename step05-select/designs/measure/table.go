package measure

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// unknown stands for a figure that there is none of.
const unknown = "-"

// A line is a row of the table: one figure of each design.
type line struct {
	label string
	load  string
	cell  func(figures) string
}

// lines are the rows, in the order in which they are told.
func (o *Options) lines() []line {
	few := o.Clients / 10
	return []line{
		{fmt.Sprintf("%d clients, %d flood: million deliveries/s", few, max(1, few/10)), flood, func(f figures) string { return known("%.2f", f.perSecond/1e6) }},
		{"CPU µs for a delivery", flood, func(f figures) string { return known("%.2f", f.cpu/1000) }},
		{"pauses for garbage collection a second", flood, func(f figures) string { return fmt.Sprintf("%.1f", float64(f.pauses.GC.Count)/o.Window.Seconds()) }},
		{"they last, p99 / longest: ms", flood, func(f figures) string { return pair(f.pauses.GC.P99, f.pauses.GC.Max) }},
		{"garbage collector's share of the time: %", flood, func(f figures) string { return known("%.1f", 100*f.pauses.GC.Share) }},
		{"event loop late, p99 / most: ms", flood, func(f figures) string { return pair(f.pauses.Loop.P99, f.pauses.Loop.Max) }},
		{fmt.Sprintf("%d talk, %d messages/s: p50 / p99 ms", o.Clients, rate), talk, func(f figures) string { return pair(ms(f.p50), ms(f.p99)) }},
		{"CPU µs for a delivery", talk, func(f figures) string { return known("%.2f", f.cpu/1000) }},
		{"longest pause for garbage collection: ms", talk, func(f figures) string { return known("%.2f", f.pauses.GC.Max) }},
		{"memory of an idle client: KiB", idle, func(f figures) string { return known("%.1f", f.memory/1024) }},
		{fmt.Sprintf("threads for %d clients", o.Clients), idle, func(f figures) string { return known("%.0f", float64(f.threads)) }},
		{fmt.Sprintf("%d talk, nobody computes: p99 / longest ms", few), calm, func(f figures) string { return pair(ms(f.p99), ms(f.max)) }},
		{fmt.Sprintf("one computes for %d ms: p99 / longest ms", workTime.Milliseconds()), busy, func(f figures) string { return pair(ms(f.p99), ms(f.max)) }},
		{"it has its answer after: ms", busy, func(f figures) string { return known("%.0f", ms(f.answer)) }},
		{"in a pool, or with a second P: p99 / longest ms", pooled, func(f figures) string { return pair(ms(f.p99), ms(f.max)) }},
		{"it has its answer after: ms", pooled, func(f figures) string { return known("%.0f", ms(f.answer)) }},
	}
}

// writeTable writes a column for each design: for people, or as Markdown for a chapter.
func writeTable(w io.Writer, designs []contestant, results map[key]figures, o Options, pinned bool) error {
	var b strings.Builder
	if !o.Markdown {
		fmt.Fprintf(&b, "Median of %d rounds of %v. ", o.Rounds, o.Window)
		if pinned {
			b.WriteString("Server and generator have one processor core each.\n\n")
		} else {
			b.WriteString("Server and generator are not bound to cores: the figures scatter more.\n\n")
		}
	}
	rows := [][]string{{""}}
	for _, d := range designs {
		rows[0] = append(rows[0], d.name)
	}
	for _, l := range o.lines() {
		row := []string{l.label}
		for _, d := range designs {
			cell := unknown
			if f, ok := results[key{l.load, d.name}]; ok {
				cell = l.cell(f)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	if o.Markdown {
		writeMarkdown(&b, rows)
	} else {
		writeText(&b, rows)
	}
	for _, note := range notes(designs, results) {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeText(b *strings.Builder, rows [][]string) {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t\n", strings.Join(row, "\t"))
	}
	table.Flush() // a strings.Builder takes everything
}

func writeMarkdown(b *strings.Builder, rows [][]string) {
	for i, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(b, "| :-- |%s\n", strings.Repeat(" --: |", len(row)-1))
		}
	}
}

// notes say what is missing, and who has lost something.
func notes(designs []contestant, results map[key]figures) (notes []string) {
	for _, d := range designs {
		if d.missing != "" {
			notes = append(notes, fmt.Sprintf("%s was not measured: %s.", d.name, d.missing))
		}
		for _, load := range order {
			if lost := results[key{load, d.name}].lost; lost > 0 {
				notes = append(notes, fmt.Sprintf("%s has lost %d deliveries (%s).", d.name, lost, load))
			}
		}
	}
	return notes
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// pair is two figures in one cell.
func pair(a, b float64) string {
	if a == 0 && b == 0 {
		return unknown
	}
	return fmt.Sprintf("%.2f / %.2f", a, b)
}

func known(format string, figure float64) string {
	if figure == 0 {
		return unknown
	}
	return fmt.Sprintf(format, figure)
}
