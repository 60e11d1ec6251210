// Package http1 is HTTP/1.1 without I/O: it turns bytes into requests, and
// responses into bytes. It knows no connection, no clock and no goroutine.
//
// Somebody else moves the bytes: that somebody is called the engine. Step 2's
// engine is a goroutine per connection (package httpd), step 3's will be a Future.
// Both keep what has arrived in one buffer, and ask a [Parser] again whenever
// more has come. The Parser stops at any byte and goes on from there, so its
// verdict never depends on how the network cut the bytes.
//
// Start reading at [Parser.Parse], with the states in state.go beside it. Then
// follow a request: requestline.go, target.go, fields.go, framing.go (where does
// this request end?), chunked.go. response.go is the way back.
//
// The rules are those of RFC 9110 (HTTP semantics) and RFC 9112 (HTTP/1.1).
package http1
