// Package linereader is exercise 4.3: cut bytes that come in any pieces into lines that are safe to show.
//
// Edit exercise.go. It is done when
//
//	go test -run=Exercise ./step04-chat/exercises/linereader
//
// passes. What a stranger sends ends up on everybody's terminal, and TCP cuts it where
// it likes, also in the middle of a letter. (15 minutes)
package linereader

// MostLine is how long a line may be, in bytes, without its end.
const MostLine = 4096

// A Line is what a client has said, or that it has said too much.
type Line struct {
	Text    string // without its end
	TooLong bool   // then there is no Text
}
