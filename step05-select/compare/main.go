// Command compare measures step 5's chat, on both of its engines, beside step 4's and the article's. It is step 4's
// load -compare with other servers: see package compare there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/process"
	"example.com/async/step04-chat/load/compare"
)

const about = `Starts step 5's chat on each of its engines, step 4's and the article's, and measures what
a delivery costs each of them. Each has one processor core, and the load generator another.
It takes about five minutes.`

// servers are what is compared. Step 5's has no limit for how much a client says here: that is what is measured.
func servers() []process.Program {
	step5 := func(engine string) process.Program {
		return process.Program{
			Name: "step 5, " + engine, Package: "step05-select",
			Args: []string{"-rate", "0", "-web", "", "-engine", engine}, Greeting: compare.Naive.Greeting,
		}
	}
	return []process.Program{step5("goroutine"), step5("poll"), compare.Step4, compare.Naive}
}

func main() {
	flags := flag.NewFlagSet("go run ./step05-select/compare", flag.ExitOnError)
	var options compare.Options
	options.AddFlags(flags, "")
	program.Parse(flags, about)
	if err := options.Check(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v; -h lists the flags\n", flags.Name(), err)
		os.Exit(2)
	}
	err := compare.Run(program.Context(), os.Stdout, servers(), options)
	switch {
	case errors.Is(err, context.Canceled):
		program.Fail(flags, errors.New("interrupted"))
	case err != nil:
		program.Fail(flags, err)
	}
}
