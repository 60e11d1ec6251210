// Package future holds the contract of a Future, and the ways to put Futures together.
//
// A Future is a computation that somebody else drives. Poll lets it go on until
// it has its value or must wait. If it must wait it returns at once, and
// promises that the waker it was polled with is called when polling it again is
// worth while. Nothing here starts a goroutine or does I/O: package executor
// polls, packages timer and reactor wake.
//
// Three types are the contract, in future.go: [Future], [Waker], [Canceler].
// Rust's Poll is an enum, Ready(T) or Pending. Here Poll returns (value, ready),
// the comma-ok form that a map lookup has: a bare return from named
// results reads as "pending", and the value stays in registers, where a
// Poll[T] struct of more than four words would not.
//
// Rust's compiler drops a Future that nobody wants any more. Go has no destructor,
// so one rule takes its place: whoever owns a Future polls it until it is ready, or
// cancels it once. Each combinator obeys it for its children.
//
// Start reading at [Future]; then context.go, and the combinators, each in its file.
package future
