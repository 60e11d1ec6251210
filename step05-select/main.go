// Command step05-select is a chat with names and rooms.
//
// See package session for what the clients can say, and package selectloop for how one of them is served.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/cluster"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/pollloop"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

const about = `A chat with names and rooms. Talk in it with nc 127.0.0.1 8080, in two terminals
or more, or in a browser with the page on http://127.0.0.1:8081/; /help lists what you can
say. Ctrl-C stops it when everybody has got what was said; a second Ctrl-C at once.`

// drain is how long a client that doesn't read can delay the end.
const drain = 2 * time.Second

// otherFiles is how many files the process has open beside its clients' connections.
const otherFiles = 32

// maxMaxLine is what -max-line can be at most. NATS passes on no more than 1 MiB at once, and in JSON a byte can become six.
const maxMaxLine = 128 << 10

func main() {
	flags := flag.NewFlagSet("go run ./step05-select", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	page := flags.String("web", "127.0.0.1:8081", "serve the chat's page on this `address`; an empty one serves none")
	newEngine := engineFlag(flags)
	rate := numberFlag(flags, "rate", 50.0, 0, 100_000, "let a client say `n` lines a second for long, and four times as many at once; 0 is no limit")
	history := numberFlag(flags, "history", hub.DefaultHistory, 0, 10_000, "remember the last `n` messages of a room for those who come later")
	nats := flags.String("nats", "", "be one chat with all servers that use the NATS server at this `URL`: nats://127.0.0.1:4222")
	maxLine := numberFlag(flags, "max-line", lines.DefaultMax, 1, maxMaxLine, "refuse lines of more than `n` bytes")
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
	var pageListener net.Listener
	if *page != "" {
		if pageListener, err = tcp.Listen(*page); err != nil {
			program.Fail(flags, err)
		}
	}
	if *history == 0 {
		*history = -1
	}
	chat, leave := newHub(*nats, *history)
	server := (*newEngine)(chat, client.Settings{Rate: *rate}, *maxLine)
	fmt.Print(greeting(listener, pageListener))
	serve := []func(context.Context) error{func(ctx context.Context) error { return server.Serve(ctx, listener) }}
	if pageListener != nil {
		site := &web.Site{Hub: chat, Serve: server.ServeClient, MaxLine: *maxLine, Local: web.IsLoopback(pageListener.Addr())}
		serve = append(serve, func(ctx context.Context) error { return servePage(ctx, pageListener, site) })
	}
	err = together(ctx, serve)
	leave()
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Println("stopped")
}

// newHub returns the hub, and what is to be called when nobody is in it any more. A hub that can't be joined with
// others is better than none.
func newHub(nats string, history int) (h *hub.Hub, leave func()) {
	if nats == "" {
		return hub.New(hub.Config{History: history}), func() {}
	}
	link, err := cluster.Connect(cluster.Config{URL: nats})
	if err != nil {
		slog.Warn("-nats is of no use, this server is alone", "err", err)
		return hub.New(hub.Config{History: history}), func() {}
	}
	return hub.New(hub.Config{History: history, Link: link}), link.Close
}

// greeting says where the server listens, and what to try. page is nil if there is none.
func greeting(listener, page net.Listener) string {
	host, port, _ := net.SplitHostPort(listener.Addr().String()) // a listener's address has both
	text := fmt.Sprintf("chat server on %s\n", listener.Addr())
	if page != nil {
		text += fmt.Sprintf("its page is at http://%s/\n", page.Addr())
	}
	text += fmt.Sprintf("try: nc %s %s, in two terminals or more; then /help\n", host, port)
	if page != nil {
		text += "     the page in two tabs of a browser; they and the terminals see each other\n"
	}
	return text
}

// servePage serves the page until ctx ends. Clients that did not read, and were cut then, are no error.
func servePage(ctx context.Context, listener net.Listener, site *web.Site) error {
	site.HTTP = new(httpd.Stats)
	server := &httpd.Server{Handler: site.Handler(), Stats: site.HTTP, MaxConns: maxConns(), DrainTimeout: drain}
	err := server.Serve(ctx, listener)
	if cut, ok := errors.AsType[*tcp.CutError](err); ok && cut.Stuck == 0 && ctx.Err() != nil {
		return nil
	}
	return err
}

// together calls all servers until ctx ends or one of them fails: then it ends the others, and returns the
// first error.
func together(ctx context.Context, serve []func(context.Context) error) (first error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error)
	for _, serve := range serve {
		go func() { ended <- serve(ctx) }()
	}
	for range serve {
		if err := <-ended; err != nil && first == nil {
			first = err
			stop()
		}
	}
	return first
}

// An engine serves clients: those that a listener accepts, and those that others hand over.
type engine interface {
	Serve(ctx context.Context, listener net.Listener) error
	ServeClient(ctx context.Context, conn net.Conn, codec session.Codec, entry hub.Entry, read []byte) error
}

// A makeEngine makes an engine.
type makeEngine func(h *hub.Hub, settings client.Settings, maxLine int) engine

// engineFlag adds -engine. What it returns points to a function that makes such an engine.
func engineFlag(flags *flag.FlagSet) *makeEngine {
	newEngine := makeEngine(goroutines)
	flags.Func("engine", "serve each client by a `kind` of engine: goroutine or poll (default goroutine)", func(kind string) error {
		switch kind {
		case "goroutine":
			newEngine = goroutines
		case "poll":
			newEngine = futures
		default:
			return errors.New("it is goroutine or poll")
		}
		return nil
	})
	return &newEngine
}

func goroutines(h *hub.Hub, settings client.Settings, maxLine int) engine {
	return &selectloop.Server{Hub: h, Client: settings, MaxLine: maxLine, MaxConns: maxConns(), DrainTimeout: drain}
}

func futures(h *hub.Hub, settings client.Settings, maxLine int) engine {
	return pollloop.New(pollloop.Config{Hub: h, Client: settings, MaxLine: maxLine, MaxConns: maxConns(), DrainTimeout: drain})
}

func maxConns() int { return max(1, program.FileLimit()-otherFiles) }

// numberFlag adds a flag for a number from least to most.
func numberFlag[N int | float64](flags *flag.FlagSet, name string, value, least, most N, usage string) *N {
	flags.Func(name, fmt.Sprintf("%s (default %v)", usage, value), func(text string) error {
		number, err := strconv.ParseFloat(text, 64)
		inside := float64(least) <= number && number <= float64(most) // NaN is not
		if err != nil || !inside || float64(N(number)) != number {
			return fmt.Errorf("it is a number from %v to %v", least, most)
		}
		value = N(number)
		return nil
	})
	return &value
}
