// Command designs measures one small chat room in four designs: an event loop in Node.js, Futures that one worker polls,
// goroutines, and threads.
//
//	go run ./step05-select/designs
//
// With -serve it is one of them, to talk in. Package server has three designs, package node the fourth, and package
// measure the measuring: this file only wires them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step05-select/designs/measure"
	"example.com/async/step05-select/designs/server"
)

const about = `The same small chat room in four designs, each in a process of its own, measured:

  node       an event loop in Node.js, if it is installed
  poll       a Future for each client, polled by one worker
  goroutine  two goroutines for each client
  thread     two threads for each client

It takes about four minutes, and wants a quiet machine. To talk in one of them yourself:

  go run ./step05-select/designs -serve poll
  nc 127.0.0.1 8080

There "/work 100" lets the server compute for 100 ms, and "/stats" tells of its pauses.`

func main() {
	var options measure.Options
	flags := flag.NewFlagSet("go run ./step05-select/designs", flag.ExitOnError)
	options.AddFlags(flags)
	var design *server.Design
	flags.Func("serve", "do not measure: be the server of this `design`, one of "+strings.Join(names(), ", "), func(name string) error {
		i := slices.Index(names(), name)
		if i < 0 {
			return errors.New("it is one of " + strings.Join(names(), ", "))
		}
		design = &server.All()[i]
		return nil
	})
	address := flags.String("addr", "127.0.0.1:8080", "with -serve: listen on this `address`")
	pool := flags.Bool("pool", false, "with -serve: compute what clients ask for in a pool")
	program.Parse(flags, about)

	ctx := program.Context()
	var err error
	if design != nil {
		err = serve(ctx, *design, *address, *pool)
	} else if err = options.Check(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v; -h lists the flags\n", flags.Name(), err)
		os.Exit(2)
	} else {
		err = measure.Run(ctx, os.Stdout, options)
	}
	switch {
	case errors.Is(err, context.Canceled):
		program.Fail(flags, errors.New("interrupted"))
	case err != nil:
		program.Fail(flags, err)
	}
}

func names() (names []string) {
	for _, d := range server.All() {
		names = append(names, d.Name)
	}
	return names
}

// serve is what a process does that package measure has started.
func serve(ctx context.Context, design server.Design, address string, pool bool) error {
	server.Prepare()
	listener, err := tcp.Listen(address)
	if err != nil {
		return err
	}
	fmt.Printf("chat server on %s: %s\n", listener.Addr(), design.About)
	return design.Serve(ctx, listener, pool)
}
