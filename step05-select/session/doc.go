// Package session is the chat protocol without I/O: lines and events in, actions and replies out.
//
// A client types lines. [Session.Line] says what one of them means: an [Action] for the hub to carry
// out, or a reply to the client itself. What happens in the chat comes back as an [Event].
// [Session.Shows] says whether this client wants to see it.
//
//	"/join #go"  ──> Session.Line  ──> Action{Join, "#go"}       ──> hub
//	"/jion #go"  ──> Session.Line  ──> Event{Notice, "there is …"} ──> the client
//	hub ──> Event{Said, "alice", "hello"} ──> Session.Shows ──> Codec ──> the client
//
// The same Session is driven by a select loop over channels (package selectloop) and by a Future
// (package pollloop). It starts no goroutine, knows no network, and is not safe for use by several goroutines.
//
//   - command.go and session.go: what a line means;
//   - name.go: which names there can be, and which two are too much alike;
//   - event.go, text.go, json.go: what can happen, and its two forms;
//   - message.go: an Event for many, written down once for all of them;
//   - codec.go: from a client's bytes to lines, and from events to its bytes.
//
// Start reading at [Session.Line].
package session
