// Package selectloop drives clients of the chat by goroutines: one client is one select loop.
//
// A [Server] is the handler of step 1's accept loop. For each client it runs two goroutines: one reads, because a
// Read can't be a case of a select statement, and the other one does all the rest.
//
//	client ──> reader ──> chan input ──┐
//	room, inbox, ping, end of the server ──> select ──> everything pending, in one Write ──> client
//
// Start reading at conn.loop, which is the whole of it: loop.go. reader.go is why a half-typed line is never lost.
// Package pollloop does the same by hand over Futures.
package selectloop
