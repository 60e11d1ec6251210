// Package client is exercise 4.2: write a client as two goroutines, of which neither outlives the other.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step04-chat/exercises/client
//
// passes. The room is given, in room.go; who ends whom, and when, is yours. Draw it
// before you write: for each of the two, what can it wait for, and what wakes it? (20 minutes)
package client

import "time"

// WriteTimeout is how long a Write to a client may take.
const WriteTimeout = 10 * time.Second
