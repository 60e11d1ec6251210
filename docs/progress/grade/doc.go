// Package grade says how far an exercise is: it runs the exercise's test with the go command, and reads what
// go test -json prints.
//
//   - exercise.go finds the exercises;
//   - gocommand.go asks the go command, also whether the race detector is usable;
//   - gotest.go runs the test of one exercise, in bounded time, and reads its events;
//   - state.go says what they mean, and message.go what a case has said;
//   - redact.go leaves the reader's folders out of it.
//
// It tells apart what looks alike to a beginner: a set-up that is broken, a test that is red because an
// exercise is not finished, and an exercise that nobody has started. Start reading at [Grader.Grade].
package grade
