// Package broadcast is a channel that gives each value to every receiver, as
// tokio::sync::broadcast does: many senders, many receivers, one order that all see.
//
// A Go channel gives each value to one of those who wait. With a channel per receiver, one that is slow
// blocks the sender, or its queue grows, or it loses values and isn't told. Here the values are kept once,
// in a ring of fixed size. The sender overwrites the oldest and never waits; a receiver is a
// position in the ring, and one that was overtaken gets a [LaggedError] that says by how much.
//
// Whoever waits, waits for a channel that the next [Sender.Send] closes: so all who wait are woken and nobody
// else, it works in a select statement, and giving up leaves nothing behind. Its price is one new channel
// for each Send that somebody waited for. The other design, a channel for each receiver that is
// used again and again, with a list of those who wait, saves that. In BenchmarkWaiting it is 15 % faster
// when a single receiver waits, and from ten on nothing can be told apart; so the simpler one is here.
//
// Start reading at [New]; then sender.go, receiver.go, wait.go. Package broadcasttest has the rules
// as cases, and broadcast channels that break them.
package broadcast
