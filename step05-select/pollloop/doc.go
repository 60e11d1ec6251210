// Package pollloop drives clients of the chat by hand over Futures: one client is one Future, and the select statement of
// package selectloop is spelled out in its Poll.
//
// A [Server] runs on step 3's runtime. A client has no goroutine. While nothing happens it is a few hundred
// bytes that wait in three places at once: in the reactor for the socket, at the bell of its room, and in its
// inbox. Each of them can wake its task, which then looks everywhere.
//
// Start reading at conn.Poll, in poll.go, beside the loop of package selectloop.
package pollloop
