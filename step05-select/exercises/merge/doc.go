// Package merge is exercise 5.1: two channels and a stop, merged by one select in which nothing is lost.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step05-select/exercises/merge
//
// passes. It has all that a select can do: cases that receive, one that sends, and an end that may
// come at any moment. Each case is on when it makes sense, and off, by a nil channel, when
// it does not: see examples/nilchannel. (20 minutes)
package merge

// Room is how many events Merge may hold.
const Room = 4

// An Event is what a client's loop is told.
type Event struct {
	Typed bool // the user has typed it; otherwise the room has said it
	Text  string
}
