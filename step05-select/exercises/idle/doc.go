// Package idle is exercise 5.3: ask a silent client whether it is there, and cut it off if it does not answer.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step05-select/exercises/idle
//
// passes. The tests run on virtual time, so a minute costs nothing, and a millisecond too early is seen. Ask of each
// case of your select: does it begin the time anew? (15 minutes)
package idle

import (
	"errors"
	"time"
)

// Idle is how long a client may say nothing before it is asked, and Ask how long it then has for an answer.
const (
	Idle = time.Minute
	Ask  = 10 * time.Second
)

// Question is what a client is asked.
const Question = "are you still there?"

// ErrSilent is why a client is cut off that doesn't answer.
var ErrSilent = errors.New("the client gives no sign of life")
