// Package model has three answers to one question: which thread of execution
// serves a connection?
//
//   - one.go: the only one there is, connection after connection;
//   - thread.go: an operating system thread for each;
//   - goroutine.go: a goroutine for each, which is [tcp.Server].
//
// Each serves the same [tcp.Handler], so what differs is the model alone. The
// rest of the package measures what that costs. [Measure] starts a model in a
// process of its own (child.go), holds connections to it and reads its memory and
// threads (hold.go, usage.go), then makes one client slow and sees how long the
// others wait (slow.go). [Command] is the program around it; a later step runs it
// with one model more.
//
// Start reading at [OneAtATime].
package model
