// Package copies copies values that must not be copied. go vet says what stands in the
// comments; a test compares.
package copies

import "example.com/async/step03-statemachine/pin"

func assigns() {
	var a pin.GuardedLine
	a.Append("one")
	b := a // vet: assignment copies lock value to b
	b.Append(" two")
}

func calls() {
	var a pin.GuardedLine
	receives(a) // vet: call of receives copies lock value
}

func receives(a pin.GuardedLine) { // vet: receives passes lock by value
	a.Append("one")
}

func returns(a *pin.GuardedLine) pin.GuardedLine {
	return *a // vet: return copies lock value
}

func ranges(all []pin.GuardedLine) {
	for _, a := range all { // vet: range var a copies lock
		a.Append("one")
	}
}

// A struct that holds one is guarded as well.
type machine struct {
	state int
	line  pin.GuardedLine
}

func restart(m *machine) {
	saved := *m // vet: assignment copies lock value to saved
	*m = machine{}
	m.state = saved.state
}

// Nothing is wrong with these: a pointer is copied, or a value is made where it stays.
func allowed() *machine {
	m := &machine{}
	again := m
	again.line.Append("one")
	return again
}

// These are wrong, and vet says nothing, because there is no guard, or no copy in the text.
func unseen() {
	var a pin.Line
	a.Append("one")
	b := a
	b.Append(" two")

	all := make([]pin.GuardedLine, 1)
	all[0].Append("one")
	all = append(all, pin.GuardedLine{}) // has moved all[0] to a larger array: a copy
	all[0].Append(" two")
}
