//go:build race

package httpfuture_test

// raceDetector says whether the tests were built with -race.
const raceDetector = true
