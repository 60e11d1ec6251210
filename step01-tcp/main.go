// Command step01-tcp is an echo server: it sends back what it receives.
//
// It is the accept loop of package tcp with flags: see its doc.go for how the
// pieces fit together.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

const about = `An echo server: it sends back every byte that it receives.
Talk to it with nc 127.0.0.1 8080, or with go run ./docs nc 127.0.0.1:8080.
Ctrl-C stops it when its connections have ended; a second Ctrl-C at once.`

func main() {
	flags := flag.NewFlagSet("go run ./step01-tcp", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	maxConns := flags.Int("max-conns", 1000, "serve at most `n` connections at a time, the others wait; 0 is no limit")
	idle := flags.Duration("idle", 5*time.Minute, "cut a client that has sent nothing for so long; 0 is never")
	write := flags.Duration("write", 30*time.Second, "cut a client that does not read for so long; 0 is never")
	drain := flags.Duration("drain", 5*time.Second, "when stopping, give connections so long to end; 0 cuts them at once")
	verbose := flags.Bool("v", false, "also log how connections end")
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
	fmt.Printf("echo server on %s\ntry: nc %s %s\n", listener.Addr(), host, port)

	server := &tcp.Server{
		Handler:      tcp.HandlerFunc(tcp.Echo),
		MaxConns:     *maxConns,
		IdleTimeout:  *idle,
		WriteTimeout: *write,
		DrainTimeout: cmp.Or(*drain, -1), // who asks for 0 does not mean the Server's default
	}
	if err := server.Serve(ctx, listener); err != nil {
		program.Fail(flags, err)
	}
	fmt.Println("stopped")
}
