// Package generator fills a chat room with clients that talk, and measures what becomes of each message at each
// of those who should get it.
//
// A [Load] says how many clients there are, how many of them send, and what limits them: so many messages in
// flight (closed loop), so many a second (open loop), or nothing but the server. A message is in flight until
// the last receiver has it, or is known to have lost it. So the window is what the slowest receiver allows, and with
// fewer in flight than the server's buffer holds, a server that loses one has a fault.
//
// Each message carries its sender's number and its own, so each receiver can tell what it has lost, got twice or too
// late, whatever else is said in the room. The server must pass lines on as "[who] text"; notices like "* you
// missed 7 messages" are added up, to be held against what was lost.
//
// Start reading at [Load] and [Join]; ledger.go keeps the books, wire.go has the lines, sender.go and client.go move
// them, watch.go notices when nothing moves any more.
package generator
