// Command pin shows what breaks when a value that points into itself is copied, who finds it, and
// which values Go moves.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/pin"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/pin", flag.ContinueOnError),
		"Shows what breaks when a value that points into itself is copied.\nRead beside it: step03-statemachine/pin, from line.go on.")
	show(os.Stdout)
}

func show(w io.Writer) {
	fmt.Fprintln(w, "1. A line that keeps its text in itself, and its copy:")
	var a pin.Line
	a.Append("one")
	b := a
	b.Append(" two")
	fmt.Fprintf(w, "     a is %q, b is %q\n", a.String(), b.String())
	a.Append(" 222")
	fmt.Fprintf(w, "     a is %q, b is %q: what a has written is in b\n", a.String(), b.String())

	fmt.Fprintln(w, "2. The same with a check at run time, as strings.Builder has it:")
	fmt.Fprintf(w, "     panic: %v\n", copyChecked())

	fmt.Fprintln(w, "3. The same with a guard for go vet, which costs nothing at run time:")
	fmt.Fprintln(w, "     try: go vet ./step03-statemachine/pin/testdata/copies")

	before, after, read := pin.MoveStack()
	fmt.Fprintln(w, "4. A local variable, when its goroutine's stack has grown:")
	fmt.Fprintf(w, "     it was at %#x, and is at %#x; the old pointer reads %d, which is right\n", before, after, read)

	before, after = pin.StayOnHeap()
	fmt.Fprintln(w, "5. A variable on the heap, when all around it was freed:")
	fmt.Fprintf(w, "     it was at %#x, and is at %#x\n", before, after)

	kept, freed := pin.KeepForC()
	fmt.Fprintln(w, "6. A variable that only a runtime.Pinner knows, after a garbage collection:")
	fmt.Fprintf(w, "     kept while pinned: %v; freed afterwards: %v\n", kept, freed)
}

// copyChecked returns what a copy panics with when it is used.
func copyChecked() (cause any) {
	defer func() { cause = recover() }()
	var a pin.CheckedLine
	a.Append("one")
	b := a
	b.Append(" two")
	return nil
}
