// Package requestline is exercise 2.1: parse a request line.
//
// Edit exercise.go. It is done when
//
//	go test -run=Exercise ./step02-http/exercises/requestline
//
// passes. Every leniency that you allow is a request that another server on the way reads
// differently; the cases show some. (10 minutes)
package requestline

import "errors"

// A Line is what a request line says.
type Line struct {
	Method string // GET
	Target string // /path?query, as it was sent
	Minor  int    // 1 for HTTP/1.1, 0 for HTTP/1.0
}

// What is wrong with a line. The status codes are those that a server answers with.
var (
	ErrSyntax  = errors.New("400: this is no request line")
	ErrMethod  = errors.New("501: this server doesn't know the method")
	ErrVersion = errors.New("505: this server speaks HTTP/1.1 and HTTP/1.0")
)
