// Command blocking shows what blocks what: one task computes for a tenth of a second, and ten others
// only want a short turn every millisecond. It does so in four ways, and prints how long the
// others had to wait.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"example.com/async/internal/program"
)

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/examples/blocking", flag.ContinueOnError)
	processors := flags.Int("processors", 1, "how many `processors` Go may use (GOMAXPROCS)")
	length := flags.Duration("length", 100*time.Millisecond, "how long to compute, if nobody disturbs")
	program.Parse(flags, "Shows what a task that computes does to the others, in four ways.\n"+
		"Read beside it: ways.go in its folder.")
	if *processors < 1 || *length <= 0 {
		program.Fail(flags, fmt.Errorf("-processors and -length must be more than 0"))
	}
	runtime.GOMAXPROCS(*processors)
	compare(os.Stdout, *processors, *length)
}

// compare runs all ways and prints a table.
func compare(w io.Writer, processors int, length time.Duration) {
	slices := slicesIn(length)
	fmt.Fprintf(w, "%d others want a turn every %v. One computes for %v. Processors: %d.\n\n", neighbours, interval, length, processors)
	fmt.Fprintf(w, "%-36s %14s %14s\n", "it computes", "their turns", "longest wait")
	for _, way := range ways {
		left := slices
		j := &job{more: func() bool { left--; return left >= 0 }}
		way.run(j)
		turns, longest := j.report()
		fmt.Fprintf(w, "%-36s %14d %14v\n", way.name, turns, longest.Round(100*time.Microsecond))
	}
}
