package server

import (
	"context"
	"errors"
	"fmt"
	"net"

	"example.com/async/step04-chat/broadcast"
	"example.com/async/step04-chat/chat"
)

// A Design is one way to build the room.
type Design struct {
	// Name is unique, and a word.
	Name string
	// About says in a few words what serves a client.
	About string
	// Serve serves until ctx ends, and closes the listener, which is a [*net.TCPListener]. It returns nil then,
	// or why it could not go on. With pool, what clients let it compute runs on a thread beside the
	// rest, if Pool is true. Call [Prepare] before.
	Serve func(ctx context.Context, listener net.Listener, pool bool) error
	// Pool says that the design has a pool, and does without one unless it is told.
	Pool bool
}

// All returns the designs of this package.
func All() []Design {
	return []Design{
		{Name: "poll", About: "a Future for each client, polled by one worker", Serve: servePoll, Pool: true},
		{Name: "goroutine", About: "two goroutines for each client", Serve: blocking(false), Pool: true},
		{Name: "thread", About: "two threads for each client", Serve: blocking(true)},
	}
}

// Prepare measures how fast this machine computes. Call it before clients can come: it takes some milliseconds.
func Prepare() { perMillisecond() }

// What the hub passes on is the bytes that are written.
type (
	hub    = chat.Hub[[]byte]
	member = chat.Member[[]byte]
)

// newHub makes the room. Its ring holds what the generator has in flight, and as much again.
func newHub() hub { return chat.NewChannelHub[[]byte](chat.DefaultCapacity) }

// prefix stands before all that a client says.
func prefix(addr net.Addr) string { return "[" + addr.String() + "] " }

// render makes the bytes that all others get: once, however many they are.
func render(prefix string, line []byte) []byte {
	text := make([]byte, 0, len(prefix)+len(line)+1)
	text = append(text, prefix...)
	text = append(text, line...)
	return append(text, '\n')
}

// fullWrite is how many bytes leave in one write, at most a message more.
const fullWrite = 16 << 10

// appendPending appends to batch what a member has not got yet, until that is all or batch is full.
func appendPending(batch []byte, from member) []byte {
	for len(batch) < fullWrite {
		text, err := from.TryRecv()
		if err == nil {
			batch = append(batch, text...)
			continue
		}
		lagged, ok := errors.AsType[*broadcast.LaggedError](err)
		if !ok {
			break // nothing is left
		}
		batch = fmt.Appendf(batch, "* you missed %d messages\n", lagged.Missed)
	}
	return batch
}
