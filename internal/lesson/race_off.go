//go:build !race

package lesson

// raceDetector says that this program was built with -race.
const raceDetector = false
