//go:build race

package explore_test

// raceDetector says that the tests run under it. It slows each step down, and sees nothing in threads that
// hand over to each other.
const raceDetector = true
