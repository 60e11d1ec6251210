// Package web is the chat's page, and how the page talks with the server: over WebSocket (RFC 6455).
//
//	GET /           the page: index.html, page.css, page.js, which stand in the program
//	GET /chat       the handshake, which is step 2's HTTP; then frames, over the same connection
//	GET /api/stats  what the server has done, as JSON
//
// The page sends what was typed, as a terminal would, and is told events as JSON. So the session behind it is
// the same, and the engine, too: a [Site] only brings the connection to its Serve, with a codec that
// knows frames.
//
//   - site.go: the routes, and what a browser must be told about the page;
//   - host.go: for whom a server on loopback is: no page of a stranger can get at it by a name of its own;
//   - handshake.go: from an HTTP request to a connection that is a WebSocket, and who may have one;
//   - frames.go: the codec: from frames to messages, from messages to lines;
//   - frame.go: one frame out of bytes that come in any pieces;
//   - ending.go: what can be wrong with a client's frames, and how a connection is closed.
//
// Start reading at [Frames.Next].
package web
