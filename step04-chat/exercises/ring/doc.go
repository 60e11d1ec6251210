// Package ring is exercise 4.1: write a broadcast ring that never blocks its sender.
//
// Edit exercise.go. It is done when
//
//	go test -race -run=Exercise ./step04-chat/exercises/ring
//
// passes. The cases are those of this step's broadcast channel that need neither waiting nor
// Close. Begin without a lock: only the last case wants one. (20 minutes)
package ring
