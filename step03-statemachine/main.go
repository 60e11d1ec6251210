// Command step03-statemachine serves step 2's site without a goroutine per connection.
//
// It is package httpfuture with the routes and flags of step 2: see httpfuture's doc.go, and
// future's for what all of it stands on.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/site"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/httpfuture"
	"example.com/async/step03-statemachine/trace"
)

const about = `Step 2's server on another engine: each connection is a Future, a state machine that is
polled by a few workers, instead of a goroutine. The site is the same: GET /, POST /echo,
GET /stream, GET /api/stats, and GET /files/... with -root. So are the flags, and these:
-workers, -reactor and -trace. Ctrl-C stops it when its requests are answered; a second
Ctrl-C at once. To see who polls and wakes whom:

  go run ./step03-statemachine -trace trace.svg   (some requests, then Ctrl-C)`

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine", flag.ExitOnError)
	var settings site.Settings
	settings.AddFlags(flags)
	workers := flags.Int("workers", 1, "poll on `n` goroutines")
	reactor := flags.String("reactor", "", "wait for the network by this `reactor`: epoll (Linux), portable, or the best there is")
	traceFile := flags.String("trace", "", "write the last events of the runtime to this `file` at the end: .svg is a picture, .json for Chrome's viewer, .txt lines")
	program.Parse(flags, about)
	if err := serve(&settings, *workers, *reactor, *traceFile); err != nil {
		program.Fail(flags, err)
	}
	fmt.Println("stopped")
}

func serve(settings *site.Settings, workers int, reactor, traceFile string) error {
	if workers < 1 {
		return errors.New("-workers must be at least 1")
	}
	http, err := settings.Server()
	if err != nil {
		return err
	}
	network, err := asyncnet.New(reactor) // now, so that a wrong name is the first thing said
	if err != nil {
		return fmt.Errorf("-reactor: %w", err)
	}
	server := &httpfuture.Server{HTTP: http, Workers: workers}
	server.Network = func() (asyncnet.Network, error) { return network, nil }
	write := func() error { return nil }
	if traceFile != "" {
		if server.Trace, write, err = startTrace(traceFile); err != nil {
			return err
		}
	}
	listener, err := tcp.Listen(settings.Address)
	if err != nil {
		return err
	}
	ctx := program.Context() // before the greeting: from then on somebody may press Ctrl-C
	fmt.Print(settings.Greeting(listener.Addr()))
	return errors.Join(server.Serve(ctx, listener), write())
}

// traceEvents is how many events a trace keeps: a picture of more is too long to be looked at.
const traceEvents = 4096

// startTrace returns a Trace, and what writes it to the file, whose ending says how. A file that
// can't be written is an error now, and not when the server has served for hours.
func startTrace(name string) (events *trace.Trace, write func() error, err error) {
	events = trace.New(traceEvents)
	formats := map[string]func(io.Writer) error{
		".svg": events.WriteSVG, ".json": events.WriteJSON, ".txt": events.WriteText,
	}
	format, ok := formats[filepath.Ext(name)]
	if !ok {
		return nil, nil, fmt.Errorf("-trace: %s should end in .svg, .json or .txt", name)
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, nil, fmt.Errorf("-trace: %w", err)
	}
	return events, func() error { return errors.Join(format(file), file.Close()) }, nil
}
