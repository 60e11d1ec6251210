// Package chunked is exercise 2.3: decode a chunked body, however the network has cut it.
//
// Edit exercise.go. It is done when
//
//	go test -run=Exercise ./step02-http/exercises/chunked
//
// passes. This is a state machine: draw its states before you write. (20 minutes)
package chunked

import "errors"

// What is wrong with a body. The status codes are those that a server answers with.
var (
	ErrSyntax  = errors.New("400: these are no chunks")
	ErrTooLong = errors.New("413: the body is too long")
)

const (
	// MostData is how long the decoded body may be, in bytes.
	MostData = 1 << 20
	// MostLine is how long the line above a chunk may be, in bytes, without its CRLF.
	MostLine = 100
)
