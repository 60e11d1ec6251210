// Package engine is exercise 2.4: drive the parser with one goroutine per connection.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step02-http/exercises/engine
//
// passes. Parsing and answering are done for you; when to read, when to write and when to stop is
// yours. The cases are those of this step's server, without its time limits. (20 minutes)
package engine

import (
	"io"

	"example.com/async/step02-http/http1"
)

// A Conn is the client's connection.
type Conn interface {
	io.ReadWriter
	// CloseWrite sends the FIN: the client sees the end of the responses.
	CloseWrite() error
}

// A Site makes responses.
type Site interface {
	// Answer appends the response to request to out. last says that it says Connection: close.
	Answer(out []byte, request *http1.Request) (longer []byte, last bool)
	// Refuse does the same for a request that is wrong. Its response is always the last one.
	Refuse(out []byte, request *http1.Request, refusal *http1.Error) (longer []byte)
}
