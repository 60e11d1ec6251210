// Package report tells what a load generator has found out: as the article's JSON,
// and as text for people.
//
// The article's report has three parts, TestConfig, Summary and ResponseTimeStats. It counts as a success
// every answer with a status of 2xx, whatever is in it. So a [Report] has beside
// it how many answers were right, and what became of each endpoint: that is
// where one sees which third fails, and that another third only seems to succeed.
//
// Start reading at [New]; text.go is the summary, histogram.go the picture, progress.go the line
// that is shown meanwhile.
package report
