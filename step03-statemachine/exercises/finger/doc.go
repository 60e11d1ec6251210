// Package finger is exercise 3.3: write a small protocol as a state machine.
//
// Edit exercise.go. It is done when
//
//	go test -run=Exercise ./step03-statemachine/exercises/finger
//
// passes. The protocol is finger (RFC 1288): the client sends a line, the server answers, and closes.
// As a goroutine it is four calls that block. Write these down first; each that may block is a
// state, and what is needed after it is a field. (20 minutes)
package finger

import (
	"errors"

	"example.com/async/step03-statemachine/future"
)

// A Conn is the client's connection. It is a part of asyncnet.Conn.
type Conn interface {
	// PollRead reads into p what has come: at least 1 byte, if p has room. If it is not ready,
	// nothing has come, and cx's waker is called when something does. err is io.EOF at the end of
	// the stream; n is 0 when there is an error.
	PollRead(cx *future.Context, p []byte) (n int, ready bool, err error)
	// PollWrite writes as much of p as there is room for: at least 1 byte, perhaps not all. If it is
	// not ready, there was no room, and cx's waker is called when there is.
	PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error)
	Close() error
}

// MostLine is how long a line may be, in bytes, without its end.
const MostLine = 100

// ErrTooLong says that a line is longer than allowed.
var ErrTooLong = errors.New("the line is too long")
