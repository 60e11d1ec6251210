// Package wire is how the soak's clients talk to the chat: over a terminal's lines, or over the page's WebSocket. Both
// give the same [session.Event], so that whoever checks what was heard need not know which it was.
//
// The text form has no marks that tell what a line is; it can be told because names have no spaces and no brackets.
//
//   - wire.go: what both can do;
//   - lines.go and parse.go: a terminal;
//   - websocket.go: the page.
//
// Start reading at [Conn].
package wire
