// Package acceptloop is exercise 1.2: write the accept loop.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step01-tcp/exercises/acceptloop
//
// passes. There is no Server here yet, no limit and no back-off: only what every
// loop owes its connections, and how it ends. (20 minutes)
package acceptloop
