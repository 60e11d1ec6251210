package scheduler

import (
	"strings"
	"unicode"
)

// savedTest returns a Go test that plays the schedule again. It passes and fails as the state says.
func savedTest(p *program, schedule string, state finalState) string {
	says := "passes: all tasks come to their end."
	switch state {
	case lost:
		says = "fails: the schedule loses a wake-up. It passes when the program is mended."
	case goesOn:
		says = "goes on behind the schedule, with as few switches as possible."
	}
	name := string(unicode.ToUpper(rune(p.name[0]))) + p.name[1:]
	return strings.NewReplacer("NAME", name, "PROGRAM", p.name, "SCHEDULE", schedule, "FOLDER", folder, "SAYS", says).Replace(savedText)
}

const savedText = `package scheduler_test

import (
	"testing"

	"example.com/async/docs/play/scheduler"
	"example.com/async/step03-statemachine/explore"
)

// TestSavedNAME plays a schedule that was chosen in the book.
// Keep it as FOLDER/saved_test.go. Then
//
//	go test -run=Saved ./FOLDER
//
// SAYS
func TestSavedNAME(t *testing.T) {
	failure := explore.Replay("SCHEDULE", scheduler.Program("PROGRAM"))
	if failure != nil {
		t.Fatal(failure)
	}
}
`
