package pin_test

import (
	"fmt"
	"strings"

	"example.com/async/step03-statemachine/pin"
)

// Two values share one buffer: what is written through one is read through the other.
func ExampleLine() {
	var a pin.Line
	a.Append("one")
	b := a
	b.Append(" two")
	fmt.Printf("a is %q, b is %q\n", a.String(), b.String())
	a.Append(" 222")
	fmt.Printf("a is %q, b is %q\n", a.String(), b.String())
	// Output:
	// a is "one", b is "one two"
	// a is "one 222", b is "one 222"
}

func ExampleCheckedLine() {
	var a pin.CheckedLine
	a.Append("one")
	b := a
	defer func() { fmt.Println("panic:", recover()) }()
	b.Append(" two")
	// Output:
	// panic: pin: this CheckedLine is a copy of one that was in use
}

// The standard library has the same check. (A Builder that was never used may be copied.)
func ExampleCheckedLine_stringsBuilder() {
	var a strings.Builder
	a.WriteString("one")
	b := a
	defer func() { fmt.Println("panic:", recover()) }()
	b.WriteString(" two")
	// Output:
	// panic: strings: illegal use of non-zero Builder copied by value
}

// At run time a GuardedLine is as weak as a Line: see testdata/copies for what go vet says.
func ExampleGuardedLine() {
	a := new(pin.GuardedLine)
	a.Append("one")
	b := a // the pointer is copied, not the line
	b.Append(" two")
	fmt.Printf("a is %q, b is %q\n", a, b)
	// Output:
	// a is "one two", b is "one two"
}

func ExampleMoveStack() {
	before, after, read := pin.MoveStack()
	fmt.Println("the variable has moved:", before != after)
	fmt.Println("the old pointer reads:", read)
	// Output:
	// the variable has moved: true
	// the old pointer reads: 2
}

func ExampleStayOnHeap() {
	before, after := pin.StayOnHeap()
	fmt.Println("the variable has moved:", before != after)
	// Output:
	// the variable has moved: false
}

func ExampleKeepForC() {
	kept, freed := pin.KeepForC()
	fmt.Println("kept while pinned:", kept)
	fmt.Println("freed afterwards:", freed)
	// Output:
	// kept while pinned: true
	// freed afterwards: true
}
