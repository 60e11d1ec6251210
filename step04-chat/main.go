// Command step04-chat is a chat room: what one client says in a line, all others read.
//
// It is package chat with flags: see its doc.go for how the pieces fit together.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat"
	"example.com/async/step04-chat/chat/lines"
)

const about = `A chat room: what one client says in a line, all others read.
Talk in it with nc 127.0.0.1 8080, in two terminals or more.
Ctrl-C stops it when everybody has got what was said; a second Ctrl-C at once.`

// drain is how long a client that doesn't read can delay the end.
const drain = 2 * time.Second

// otherFiles is how many files the process has open beside its clients' connections: its
// listener, the three that each process has, and what the runtime needs.
const otherFiles = 24

func main() {
	flags := flag.NewFlagSet("go run ./step04-chat", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	newHub := hubFlag(flags)
	capacity := sizeFlag(flags, "capacity", chat.DefaultCapacity, 1<<20, "let a client be `n` messages behind before it misses some; rounded up to a power of two")
	maxLine := sizeFlag(flags, "max-line", lines.DefaultMax, 1<<20, "refuse lines of more than `n` bytes")
	verbose := flags.Bool("v", false, "also log who comes, and how connections end")
	program.Parse(flags, about)

	if *verbose {
		slog.SetLogLoggerLevel(slog.LevelDebug)
	}
	ctx := program.Context() // before the greeting: who reads that may press Ctrl-C
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	fmt.Printf("chat server on %s\ntry: nc %s %s, in two terminals or more\n", listener.Addr(), host, port)

	server := &chat.Server{
		Hub:          (*newHub)(*capacity),
		MaxLine:      *maxLine,
		MaxConns:     max(1, program.FileLimit()-otherFiles),
		DrainTimeout: drain,
	}
	if err := server.Serve(ctx, listener); err != nil {
		program.Fail(flags, err)
	}
	fmt.Println("stopped")
}

// hubFlag adds -hub. What it returns points to a function that makes such a hub.
func hubFlag(flags *flag.FlagSet) *func(capacity int) chat.Hub[[]byte] {
	newHub := chat.NewChannelHub[[]byte]
	flags.Func("hub", "pass messages on over a `kind` of hub: channel or mutex (default channel)", func(kind string) error {
		switch kind {
		case "channel":
			newHub = chat.NewChannelHub[[]byte]
		case "mutex":
			newHub = chat.NewMutexHub[[]byte]
		default:
			return errors.New("it is channel or mutex")
		}
		return nil
	})
	return &newHub
}

// sizeFlag adds a flag for a number from 1 to most.
func sizeFlag(flags *flag.FlagSet, name string, size, most int, usage string) *int {
	flags.Func(name, fmt.Sprintf("%s (default %d)", usage, size), func(text string) (err error) {
		size, err = strconv.Atoi(text)
		if err != nil || size < 1 || size > most {
			return fmt.Errorf("it is a number from 1 to %d", most)
		}
		return nil
	})
	return &size
}
