// Package httpfuture is an HTTP/1.1 server without a goroutine per connection: step 2's protocol
// and handlers, driven by Futures that are written by hand.
//
//   - server.go: [Server], which takes the settings of an [httpd.Server], over an asyncnet.Server;
//   - state.go: what a connection can wait for;
//   - conn.go: one connection as a Future. Poll is the heart: put it beside httpd's conn.serve;
//   - answer.go: what it does between two waits; limit.go: for how long it waits, with one timer;
//   - stream.go: content whose Read blocks; takeover.go: a connection that goes on in another
//     protocol. Both need goroutines; aside.go is a Future that awaits one.
//
// What a connection does between two waits is the same in both engines, and stands in httpd's
// workplace.go and in http1. What differs is who remembers where it was: there the stack of a
// goroutine, here the fields of conn.
//
// Start reading at state.go, then conn.Poll in conn.go.
package httpfuture
