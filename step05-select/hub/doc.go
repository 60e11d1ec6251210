// Package hub holds the rooms and the names of a chat, and carries out what sessions ask for.
//
// A room is step 4's hub: what one member sends, a ring gives to all others, and nobody waits for
// anybody. On top of that a room knows who is in it and what was said last. Besides its room, each member has
// an inbox for what is for it alone: answers, and what others whisper. Who moves finds there what it has not got of the old
// room. In both are pointers to messages that all share, and the member takes one when it can be written.
//
//	Hub ── names ──> Member ── inbox
//	    └─ rooms ──> room ──── ring (package chat), history, who is here
//
// The parts: hub.go has the names, and who comes and goes; room.go a room; member.go the place of one client, ask.go what it
// asks for; inbox.go, history.go, gather.go and bell.go a mechanism each; link.go and remote.go are where other servers
// come in. There is no goroutine here: the engines bring theirs.
//
// Lock order: Member.changing, then Hub.mu, then room.mu, then those of an inbox or a bell. None is held during I/O, and no
// waker is called under one but the first, which is taken by nobody but who moves or renames that one member.
//
// Start reading at [Hub.Enter].
package hub
