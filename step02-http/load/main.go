// Command load sends requests to an HTTP server and reports how it answers.
//
//	go run ./step02-http/load http://127.0.0.1:8080
//
// Without other flags it sends the article's mix, 1,000 requests over three endpoints, and
// prints the article's report. With any of the flags that choose a request it
// sends that one, as wrk and hey do. -compare needs no server: it starts step 2's and
// its peers, and measures them side by side.
//
// With -idle and -slow it holds other connections meanwhile, and tells what they have changed.
//
// The protocol is in package client, the sending in package generator, what is
// printed in package report, the comparison in package compare, the other
// connections in package crowd. This file, crowd.go and flags.go only wire them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/compare"
	"example.com/async/step02-http/load/generator"
	"example.com/async/step02-http/load/report"
)

func main() {
	options, flags := parseFlags()
	ctx := program.Context()
	var err error
	switch {
	case options.compare:
		err = compare.Run(ctx, os.Stdout, compare.Servers, options.comparison)
	case options.crowd.Idle+options.crowd.Slow > 0:
		err = runBesideCrowd(ctx, os.Stdout, options)
	default:
		err = run(ctx, options)
	}
	switch {
	case errors.Is(err, context.Canceled):
		program.Fail(flags, errors.New("interrupted"))
	case err != nil:
		program.Fail(flags, err)
	}
}

// run sends one load and prints its report. When ctx ends, it prints what there is.
func run(ctx context.Context, o options) error {
	sending, err := generator.Start(ctx, o.load)
	if err != nil {
		return err
	}
	quiet := func() {}
	if report.IsTerminal(os.Stderr) {
		quiet = report.ShowProgress(os.Stderr, func() string {
			now := sending.Snapshot()
			return fmt.Sprintf("%3.0f s: %d answered, %d failed", now.Elapsed.Seconds(), now.Answered, now.Failed)
		})
	}
	result := sending.Wait()
	quiet()
	r := report.New(o.url, o.load, result, ctx.Err() != nil)
	switch o.json {
	case "":
		return r.WriteText(os.Stdout)
	case "-":
		return r.WriteJSON(os.Stdout)
	}
	return errors.Join(r.WriteText(os.Stdout), writeFile(o.json, r.WriteJSON))
}

func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
