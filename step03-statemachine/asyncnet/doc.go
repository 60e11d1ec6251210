// Package asyncnet has listeners and connections that are polled, and what a server
// needs around them.
//
// package net makes a goroutine wait in Read. Here nobody waits: [Conn.PollRead] returns
// what there is, or keeps the waker of the task and returns "pending". A connection costs
// what its Future has to remember, and no stack.
//
//   - asyncnet.go: the interfaces [Network], [Listener] and [Conn];
//   - epoll_linux.go, socket_linux.go: them over package reactor, on Linux;
//   - portable.go, portable_conn.go: them over any net.Listener and net.Conn, with goroutines
//     that block in place of the kernel, everywhere and in tests with virtual time;
//   - io.go: Futures of one operation: [Accept], [Read], [WriteAll];
//   - server.go, accept.go, drain.go: [Server], the accept loop of step 1 with tasks for goroutines;
//   - echo.go: the echo of step 1 as a machine with two states;
//   - netconn.go: back again, a [net.Conn] for goroutines that blocks, over a Conn.
//
// Start reading at [Conn], then echo.go. In Rust: tokio::net.
package asyncnet
