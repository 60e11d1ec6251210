// Package selectfuture is exercise 5.4: a select over lines and messages by hand, as a Future.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step05-select/exercises/selectfuture
//
// passes. What a select statement does by itself is yours here: to be fair, to wait for both at the same time, to
// miss nothing in between, to give way to other tasks, and to clean up. Read step 3's rules for
// Poll first, in step03-statemachine/future/future.go. (20 minutes)
package selectfuture

import "example.com/async/step03-statemachine/future"

// Turn is how many lines and messages together one Poll may handle.
const Turn = 16

// Lines is what the user types. Its Poll arranges the waking by itself.
type Lines interface {
	// PollLine is ready with a line; or with an error, of which io.EOF says that the user has finished, and then it must
	// not be called again. If it is not ready, the waker of cx is called when it is worth while to ask again.
	PollLine(cx *future.Context) (line string, ready bool, err error)
	// Close gives back what it holds. It is called once, whatever has happened.
	Close()
}

// Messages is what the room says. To look and to wait are two calls, and a message may come between them.
type Messages interface {
	// Take takes the next message, if there is one.
	Take() (message string, ok bool)
	// Wait arranges that the next message that comes calls w, once. Of several calls the last one counts. It
	// says nothing of a message that is there already.
	Wait(w future.Waker)
	// Close gives back what it holds. It is called once, whatever has happened.
	Close()
}
