package lesson

import "testing"

// PlainOnly skips a test that builds programs and runs them, unless this is go test as it is: with -short, because that takes
// seconds; with -race and -tags solution, because the programs are built without them, so nothing new could be found. why says
// what the test does.
func PlainOnly(t testing.TB, why string) {
	if testing.Short() || raceDetector || solutionBuild {
		t.Skip("left out with -short, -race and -tags solution: " + why)
	}
}
