// Package lines turns the bytes that a chat client sends into lines that are safe to show to others.
//
// A [Decoder] does no I/O: bytes go in as they come, lines come out. So goroutines can drive it as
// well as an event loop, and a half-typed line is never lost: it stays in the Decoder, whatever
// happens between two reads.
//
// Everything a stranger sends ends up on somebody's terminal. So a line is bounded, is valid UTF-8,
// and holds no character that a terminal would obey instead of showing it: see clean.go.
//
// A [Telnet] stands before it, for clients that are not as plain as nc.
//
// Start reading at [Decoder.Next].
package lines
