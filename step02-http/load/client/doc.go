// Package client is the client's side of HTTP/1.1, as small as a load generator
// needs it: a [Request] is made into bytes once and sent many times, and a [Reader]
// takes one response after another from a connection. It opens no connection, and
// follows no redirect.
//
// It is not net/http's client because that costs several times as much as the server that
// is to be measured, and because it repairs what a measurement must see: it
// opens connections on its own and asks again in silence.
//
// What comes from the server is not trusted: heads, chunk lines and interim responses are
// bounded, and content is counted rather than kept, but for its first [MaxKept] bytes.
//
// Start reading at [Reader.Next]; chunked.go is the one framing that needs more
// than a number.
package client
