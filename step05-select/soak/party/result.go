package party

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// A Result is what a soak has found out.
type Result struct {
	// Came counts the clients by what they did.
	Came map[Kind]int
	// Said is how many lines clients have said, Heard how often one of them was heard, Missed how many messages clients were told that they
	// have missed, and Refused how many lines were refused because their clients talked too much.
	Said, Heard, Missed, Refused int64
	// Asked is how many commands have waited for an answer, and Slowest the longest time that one took.
	Asked   int64
	Slowest time.Duration
	// Rounds are the server's states at their ends.
	Rounds []Round
	// Faults are the first of those that were found, FaultCount is how many there were.
	Faults     []string
	FaultCount int
}

// A Round is how things were when all its clients had left.
type Round struct {
	Number     int
	Clients    int   // how many have come since the beginning
	Goroutines int   // how many more there are than before the first client
	Files      int   // how many more are open; 0 where the system doesn't tell
	Memory     int64 // bytes of live heap and stacks, of the server and what little the soak keeps
}

// String is a line of the result's table, without its end.
func (r Round) String() string {
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%.2f MiB\t", r.Number, r.Clients, r.Goroutines, r.Files, mib(r.Memory))
}

// Write writes the result as text for people.
func (r *Result) Write(w io.Writer) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "round\tclients so far\tgoroutines left\tfiles left open\tlive memory\t\n")
	for _, round := range r.Rounds {
		fmt.Fprintln(table, round)
	}
	table.Flush() // a strings.Builder takes everything
	b.WriteString("\n")
	for _, kind := range Kinds {
		fmt.Fprintf(&b, "%7d %s\n", r.Came[kind], kind)
	}
	fmt.Fprintf(&b, "\n%d lines were said, and heard %d times; %d messages were missed, and that was told; %d lines were refused.\n",
		r.Said, r.Heard, r.Missed, r.Refused)
	fmt.Fprintf(&b, "%d commands were answered, each within %v.\n", r.Asked, r.Slowest.Round(time.Millisecond))
	if r.FaultCount == 0 {
		b.WriteString("No fault was found.\n")
	} else {
		fmt.Fprintf(&b, "\n%d faults, of which the first are:\n", r.FaultCount)
	}
	for _, fault := range r.Faults {
		fmt.Fprintf(&b, "- %s\n", fault)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }
