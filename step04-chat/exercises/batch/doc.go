// Package batch is exercise 4.4: write once for all that is pending, not once for each message.
//
// OneByOne, in onebyone.go, is what a first chat room does. Each message costs a
// system call for each client, and that is where a busy room spends its time. Read it, then edit
// exercise.go. It is done when
//
//	go test -race -run=Exercise ./step04-chat/exercises/batch
//
// passes. The cases count the writes. (15 minutes)
package batch

// MostWrite is when a batch is full: with so many bytes in it, nothing more is taken. Else a
// client that is behind would hold all that it is behind by a second time.
const MostWrite = 16 << 10
