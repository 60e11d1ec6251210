// Package client is one client of the chat, but for the waiting and the I/O.
//
// It stands between the protocol and an engine. An engine reads bytes from a connection, and writes bytes to it;
// it waits for several things at a time, and that is all it does. What the bytes mean, and which bytes are
// to be written, a [Client] knows:
//
//	bytes ──> Hear ──> Codec ──> rate limit ──> session.Line ──> hub.Member.Do
//	bytes <── AppendPending <── Codec <── session.Shows <── what is in the room and in the inbox
//
// What is pending waits as messages, which are shared; it becomes bytes when they can be written. So a
// client that never reads costs one write of about 16 KiB, however much its room remembers.
//
// Two engines drive it: package selectloop by goroutines and a select statement, package pollloop as a Future. A
// Client has no goroutine, and is not safe for use by several.
//
// Start reading at [Client.Hear] in hear.go; [Client.AppendPending] in tell.go is the other direction, and limit.go is how
// somebody who talks too much is slowed down.
package client
