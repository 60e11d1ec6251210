// Package server is one small chat room in three designs, to be measured beside each other and
// beside the fourth, which is in package node.
//
// The room is step 4's hub: a line from one client goes to all others as "[addr] text", whoever is 128 messages behind
// misses some and is told. All three share it, the decoding of lines, and how pending messages are put into one
// write. So only that differs which is to be compared: who waits, and who decides what runs next.
//
//   - blocking.go: a goroutine that reads and one that writes for each client, and the same
//     with each of them locked to a thread of its own;
//   - poll.go: a Future for each client on step 3's runtime, with one worker;
//   - request.go, work.go: two lines that are for the server. "/work 100" lets it compute for 100 ms,
//     "/stats" lets it tell what its garbage collector did, see stats.go.
//
// It leaves out what a server on the Internet needs and step 4 has: time limits for clients that don't
// read, and pushing back those that talk too fast. Start reading at [All].
package server
