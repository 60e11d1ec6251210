// Package coroutine is async and await for Go: straight-line code that is polled.
//
// [New] makes a Future of a function. Where the function has to wait it calls
// [Await], and the Future's Poll returns pending; the next Poll goes on behind the
// Await. So the function reads as a goroutine does, and yet whoever polls it decides
// when it runs.
//
// A coroutine is a stack that somebody polls. Rust's compiler turns an async fn into an enum,
// which holds exactly the variables that live across an await. Here they
// stay on a stack of their own, which package iter lends: [iter.Pull] switches to it
// and back without asking the scheduler. This costs what a goroutine costs in memory, and more
// time per Poll than an enum; the benchmarks in examples/coroutine have the figures.
// In return, Await may be called at any depth, from functions that know nothing of it.
//
// Start reading at [New]; coroutine.go is all of it.
package coroutine
