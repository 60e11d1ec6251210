// Package typing is exercise 5.2: repair a loop that loses the line that is half typed.
//
// broken.go has one loop that reads with a deadline, so that it can look for messages in between. When the
// deadline comes, the half line goes with the read. Read it, then edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step05-select/exercises/typing
//
// passes. A read that must not be given up belongs to a goroutine that does nothing else; the rest is to end it
// at the right moment. (20 minutes)
package typing
