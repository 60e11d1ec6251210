// Package party fills step 5's whole server with clients that behave as people and machines do, on lines and on
// WebSockets, and checks what the chat promises them.
//
// The server runs in this process. Its hub has a [hub.Link] that writes down what was really said, room by room: the
// [truth]. Each client that reads keeps a [diary] of what it was told. When all have left, each diary is laid beside the
// truth: it must be a piece of it without a gap, but for as many messages as the client was told that it missed. So who
// hears nothing of a message, hears it twice, in another order or in the wrong room, is found out.
//
// A soak has rounds. In each room a witness and a listener stay for the whole of a round; the witness talks, and sees also who
// comes and goes. Clients come one after the other; what each does is drawn from the seed. After a round nothing may be left of them: no
// goroutine, descriptor, room or name. At the end the server stops, and must tell everybody.
//
//   - party.go, server.go, round.go: the soak, the server, a round; leftovers.go and farewell.go what comes after;
//   - truth.go, diary.go, verdict.go: what was said, what was heard, and whether they agree;
//   - names.go, whispers.go: who is called what, and what was said to one alone;
//   - person.go, ask.go, leave.go: a client; kinds.go and deeds.go what they do; rude.go those who break the rules.
//
// Start reading at [Run].
package party
