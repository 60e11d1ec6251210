// Package explore runs a small concurrent program under every order of its steps.
//
// A lost wake-up shows once in a million runs, on a busy machine, at night. Here it shows in the
// first second, every time: a program is a few threads whose steps are marked with [World.Point],
// no two of them run at once, and at each point the package chooses who goes on. [Search] tries all
// choices; what it finds is a [Failure] with the order that led there, which [Replay] runs again; [Follow] goes
// a part of the way, for somebody who chooses by hand.
// (Rust's loom does this for atomics and locks; the algorithm is CHESS's: orders with few
// preemptions first, since they find most bugs and are the easiest to read.)
//
// What it doesn't see: a step is everything between two points, so a race inside a step stays
// hidden, and so does whatever the memory model allows beyond interleaving. The race detector is
// for those.
//
// Real code takes part without being changed where it records into a [trace.Trace]: every event of
// [World.Trace] is a point, and package executor records one before each atomic step.
//
// Start reading at [World], then search.go; example_test.go has a program of ten lines and its bug.
package explore
