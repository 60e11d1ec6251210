package soak

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A Result is what a soak has found out.
type Result struct {
	// Came counts the clients by what they did.
	Came map[Kind]int `json:"came"`
	// Heard is how many lines of the speaker the listener has heard; Missed how many it has not, and was told so.
	Heard  uint64 `json:"heard"`
	Missed uint64 `json:"missed"`
	// Rounds are the server's states at their ends. Looked says whether files and memory are known.
	Rounds []Round `json:"rounds"`
	Looked bool    `json:"looked"`
	// Faults are the first of those that were found, FaultCount is how many there were.
	Faults     []string `json:"faults"`
	FaultCount int      `json:"fault_count"`
}

// A Round is how things were when all its clients had left.
type Round struct {
	Clients int   `json:"clients"`      // how many have come since the beginning
	Files   int   `json:"files_more"`   // how many more the server has open than before the first client
	Memory  int64 `json:"memory_bytes"` // of the server
}

// Write writes the result as JSON, or as text for people.
func (r *Result) Write(w io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	_, err := io.WriteString(w, r.text())
	return err
}

func (r *Result) text() string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "round\tclients so far\tfiles left open\tserver's memory\t\n")
	for i, round := range r.Rounds {
		files, memory := "unknown", "unknown"
		if r.Looked {
			files, memory = fmt.Sprint(round.Files), fmt.Sprintf("%.1f MiB", mib(round.Memory))
		}
		fmt.Fprintf(table, "%d\t%d\t%s\t%s\t\n", i+1, round.Clients, files, memory)
	}
	table.Flush() // a strings.Builder takes everything
	b.WriteString("\n")
	for _, kind := range Kinds {
		fmt.Fprintf(&b, "%6d %s\n", r.Came[kind], kind)
	}
	fmt.Fprintf(&b, "\nThe listener has heard %d lines of the speaker, and was told of the %d that it missed.\n", r.Heard, r.Missed)
	if r.FaultCount == 0 {
		b.WriteString("No fault was found.\n")
	} else {
		fmt.Fprintf(&b, "\n%d faults, of which the first are:\n", r.FaultCount)
	}
	for _, fault := range r.Faults {
		fmt.Fprintf(&b, "- %s\n", fault)
	}
	return b.String()
}
