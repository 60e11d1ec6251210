package lesson

import "testing"

func TestChangeMuseum(t *testing.T) {
	ChangeMuseum(t, []Change{
		{
			Name: "a change museum whose pattern is not anchored", File: "changes.go",
			Old: `"^" + part + "$"`, New: `part`,
			Test: "TestExactly", Message: "^TestTask$/^wake$",
		},
	})
}

func TestExactly(t *testing.T) {
	if got, want := exactly("TestTask/wake"), "^TestTask$/^wake$"; got != want {
		t.Errorf("exactly: %s, want %s", got, want)
	}
}

// What ChangeMuseum fails on: a test that doesn't notice the change.
func TestChangeMuseum_seesThatAChangeIsNotNoticed(t *testing.T) {
	PlainOnly(t, "it compiles the package")
	output, err := testChanged(t, Change{
		File: "changes.go", Old: "5*changeLimit", New: "6*changeLimit", Test: "TestExactly",
	})
	if err != nil {
		t.Errorf("a harmless change: %v\n%s", err, output)
	}
}
