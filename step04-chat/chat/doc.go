// Package chat is a chat room: what one client says in a line, all others read.
//
// A [Server] is the handler of step 1's accept loop. For each client it runs two goroutines, one
// that reads from the client and one that writes to it. Between them and all others stands a [Hub].
//
//		client ──> reader ──> lines.Decoder ──> Member.Send
//		client <── writer <── all that is pending, in one write <── Member.TryRecv
//
//	  - lines: from bytes to lines that are safe to show, without I/O;
//	  - server.go: the settings, and one client from its arrival to its end: who closes what;
//	  - reader.go and writer.go: the two goroutines of a client; readbuffer.go and writedeadline.go are theirs;
//	  - hub.go: what a hub promises; channelhub.go over a broadcast channel, mutexhub.go
//	    with a mutex and a map;
//	  - pace.go: how talkers let listeners catch up.
//
// Nobody ever waits for a client but its own two goroutines. One that does not read misses messages, is told how
// many when it reads again, and is cut off after a while.
//
// Start reading at [Server.ServeTCP]. Package chattest has the rules as cases.
package chat
