package lesson

import "testing"

// PlainOnly skips a test unless this is go test as it is. It is for tests that build programs, drive a browser or judge wrong programs: with
// -short they are left out because that takes seconds; with -race and -tags solution, because they would find nothing new. Such
// programs are built without either, and what a page asks for has tests of its own. why says what the test does.
func PlainOnly(t testing.TB, why string) {
	if testing.Short() || raceDetector || solutionBuild {
		t.Skip("left out with -short, -race and -tags solution: " + why)
	}
}
