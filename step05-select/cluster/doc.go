// Package cluster makes several servers one chat, over NATS.
//
// A [Cluster] is the [hub.Link] of one server, which is called a node here. NATS only moves messages. What they mean is decided by
// parts that do no I/O:
//
//   - feed.go: what comes from a room is given on once, and what is missing is noticed;
//   - table.go: who is on the other nodes, and self.go: what this one tells them;
//   - outbox.go: what is to be sent is kept until NATS has it;
//   - registry.go: whose name it is.
//
// Each room is a subject, to which a node subscribes while somebody there is in the room. A JetStream
// stream remembers what was said, and a key-value bucket who has which name.
//
// What is promised: those on the same node hear each other at once, whatever NATS does. What one person says is heard
// everywhere in the order in which it was said; what two people on two nodes say may be heard in different orders. Nothing
// is heard twice. A node that is cut off says so to its people and goes on alone. When it is back, what was said meanwhile is
// made good, as far as the stream remembers it; if it does not, that is said, too. Who has lost the name
// meanwhile to somebody on another node is a guest again.
//
// Nodes trust each other, but not each other's texts: what can't be understood, or is not safe to show, is ignored.
//
// Start reading at link.go, then connection.go.
package cluster
