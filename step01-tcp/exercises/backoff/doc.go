// Package backoff is exercise 1.3: accept, though descriptors run out.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step01-tcp/exercises/backoff
//
// passes. The loop that calls your Accept is that of this step. (15 minutes)
package backoff
