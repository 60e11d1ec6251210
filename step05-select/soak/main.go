// Command soak lets all sorts of clients come to step 5's chat, and checks what the chat promises them.
//
//	go run ./step05-select/soak -d 1m
//
// It starts the whole server in this process, on both transports, and prints what the clients did and what was wrong. The work is
// in package party; package wire is how the clients talk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/report"
	"example.com/async/step05-select/soak/party"
)

const about = `Starts the chat, and fills it for some time with clients that talk, flood, stall, vanish, want
the same names, go from room to room and break the rules, in terminals and on WebSockets. It
checks that nobody loses, doubles or disorders a message that was promised to somebody else,
and that nothing of them is left. Its exit status is 1 if something was wrong. Try:

  go run ./step05-select/soak -d 1m
  go run ./step05-select/soak -d 1m -engine poll -rate 0 -c 50
  go run -race ./step05-select/soak -d 1m -seed 7`

func main() {
	flags := flag.NewFlagSet("go run ./step05-select/soak", flag.ExitOnError)
	var o party.Options
	flags.DurationVar(&o.Duration, "d", time.Minute, "let clients come for this `time`")
	flags.IntVar(&o.Rounds, "rounds", 0, "look in between what is left, in `n` rounds (default one for each 10 s)")
	flags.StringVar(&o.Engine, "engine", "goroutine", "the `kind` of engine that serves each client: goroutine or poll")
	flags.Uint64Var(&o.Seed, "seed", 0, "the `number` that decides what clients do (default another each time)")
	flags.IntVar(&o.Clients, "c", 20, "let `n` clients be there at a time")
	flags.Float64Var(&o.Rate, "rate", 50, "let a client say `n` lines a second for long; 0 is no limit")
	flags.DurationVar(&o.Patience, "patience", 10*time.Second, "what takes longer than this `time` is a fault")
	program.Parse(flags, about)
	if o.Seed == 0 {
		o.Seed = uint64(rand.Uint32())
	}
	if err := o.Check(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v; -h lists the flags\n", flags.Name(), err)
		os.Exit(2)
	}
	err := run(program.Context(), o)
	switch {
	case errors.Is(err, context.Canceled):
		program.Fail(flags, errors.New("interrupted"))
	case err != nil:
		program.Fail(flags, err)
	}
}

// run soaks, and prints what was found. A fault is an error, so that the exit status tells.
func run(ctx context.Context, o party.Options) error {
	fmt.Printf("a soak of %v on the engine %s, %d clients at a time, rate %v, seed %d\n\n", o.Duration, o.Engine, o.Clients, o.Rate, o.Seed)
	if report.IsTerminal(os.Stderr) {
		o.Progress = func(round party.Round) {
			fmt.Fprintf(os.Stderr, "round %d: %d clients have come and left\n", round.Number, round.Clients)
		}
	}
	result, err := party.Run(ctx, o)
	if err != nil {
		return err
	}
	if err := result.Write(os.Stdout); err != nil {
		return err
	}
	if result.FaultCount > 0 {
		return fmt.Errorf("%d faults; -seed %d lets the same clients come again", result.FaultCount, o.Seed)
	}
	return nil
}
