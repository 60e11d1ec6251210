// Package limit is exercise 1.4: limit how many connections are open.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step01-tcp/exercises/limit
//
// passes. It is what netutil.LimitListener does, but CloseWrite still works.
// (20 minutes)
package limit
