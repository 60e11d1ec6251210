// Package report tells what a chat load generator has found out: as JSON, and as text for people.
//
// Start reading at [New]; text.go is the text. The histogram is that of step 2's report.
package report
