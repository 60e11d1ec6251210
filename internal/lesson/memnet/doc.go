// Package memnet is a network in memory, for tests and exercises: a [Listener],
// and pairs of connected [Conn] that behave like TCP connections on Linux.
//
// A test on real sockets needs a port, and has to sleep when it waits for
// nothing to happen. memnet needs neither: inside a [testing/synctest] bubble
// whatever waits here is durably blocked, and deadlines run on the bubble's clock.
// Make listener and connections in the bubble that uses them. There are no
// goroutines in here; a Conn that is dropped without a Close leaks nothing.
//
// Unlike [net.Pipe], a connection has a buffer in each direction, so that Write
// returns before the peer reads, until the buffer is full (backpressure). It has
// half-close and reset, and can be cut into small segments.
//
// Start reading at [Pipe]; listener.go is the way of a connection to Accept,
// conn.go what can be done with it, ending.go the ways in which it ends.
package memnet
