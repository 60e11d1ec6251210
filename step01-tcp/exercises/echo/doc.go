// Package echo is exercise 1.1: write the echo handler.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step01-tcp/exercises/echo
//
// passes. The server around your handler is that of this step: it accepts, and
// it closes the connection when your function returns. (10 minutes)
package echo
