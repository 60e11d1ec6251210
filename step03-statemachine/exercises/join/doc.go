// Package join is exercise 3.2: wait for two Futures at the same time.
//
// Edit exercise.go. It is done when
//
//	go test -run=Exercise ./step03-statemachine/exercises/join
//
// passes. The cases are those of package future's own Join, which you had better read afterwards. Two things
// Rust does for you are yours here: to remember who is finished, and to clean up. (15 minutes)
package join
