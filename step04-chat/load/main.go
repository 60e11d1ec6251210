// Command load fills a chat room with clients that talk, and reports what becomes of their messages.
//
//	go run ./step04-chat/load 127.0.0.1:8080
//
// It works with any chat that passes a line on to all others as "[who] line". It counts what is lost, late or
// doubled at each receiver, and how long each message takes to each and to the last of them. -compare needs
// no server: it starts step 4's, the article's and the textbook's, and measures them side by side. -soak sends
// thousands of clients that behave in all ways, and looks for what they have left behind.
//
// The sending is in package generator, what is printed in package report, the comparison in package
// compare, the soak in package soak. This file and flags.go only wire them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/process"
	progress "example.com/async/step02-http/load/report"
	"example.com/async/step04-chat/load/compare"
	"example.com/async/step04-chat/load/generator"
	"example.com/async/step04-chat/load/report"
	"example.com/async/step04-chat/load/soak"
)

func main() {
	options, flags := parseFlags()
	ctx := program.Context()
	var err error
	switch {
	case options.compare:
		err = compare.Run(ctx, os.Stdout, compare.Servers, options.comparison)
	case options.soak.Duration != 0:
		err = runSoak(ctx, options)
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
	room, err := generator.Join(ctx, o.load)
	if err != nil {
		return err
	}
	defer room.Leave()
	if o.stalled > 0 {
		others, err := generator.Stall(ctx, o.load, o.stalled)
		if err != nil {
			return err
		}
		defer others.Leave()
	}
	usage := func() (cpu time.Duration, memory int64, ok bool) {
		cpu, ok = process.CPU(o.pid)
		memory, also := process.Resident(o.pid)
		return cpu, memory, o.pid != 0 && ok && also
	}
	before, memoryBefore, known := usage()
	room.Start()
	quiet := func() {}
	if progress.IsTerminal(os.Stderr) {
		quiet = progress.ShowProgress(os.Stderr, func() string {
			now := room.Snapshot()
			return fmt.Sprintf("%3.0f s: %d sent, %d delivered, %d lost", now.Elapsed.Seconds(), now.Sent, now.Delivered, now.Lost)
		})
	}
	result := room.Wait()
	quiet()
	r := report.New(o.address, o.load, o.stalled, room.Seated, result)
	r.Summary.Interrupted = ctx.Err() != nil
	if after, memory, still := usage(); known && still {
		r.SetServer(after-before, memoryBefore, memory)
	}
	if o.json {
		return r.WriteJSON(os.Stdout)
	}
	return r.WriteText(os.Stdout)
}

// runSoak soaks the server, and prints what was found. A fault is an error, so that the exit status tells.
func runSoak(ctx context.Context, o options) error {
	if !o.json {
		fmt.Printf("%s: a soak of %v, %d clients at a time, seed %d\n\n", o.address, o.soak.Duration, o.soak.Clients, o.soak.Seed)
	}
	if progress.IsTerminal(os.Stderr) {
		o.soak.Progress = func(round, clients int) {
			fmt.Fprintf(os.Stderr, "round %d of %d: %d clients have come and left\n", round, o.soak.Rounds, clients)
		}
	}
	result, err := soak.Run(ctx, o.soak)
	if err != nil {
		return err
	}
	if err := result.Write(os.Stdout, o.json); err != nil {
		return err
	}
	if result.FaultCount > 0 {
		return fmt.Errorf("%d faults", result.FaultCount)
	}
	return nil
}
