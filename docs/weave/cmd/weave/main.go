// Command weave brings the quotes in the chapters up to date, and then says
// what else in them is not true. go generate ./docs runs it; it works from any
// folder of the repository. It exits with status 1 when a problem is left.
package main

import (
	"fmt"
	"os"

	"example.com/async/docs/weave"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	root, err := weave.Root(".")
	if err != nil {
		return err
	}
	changed, err := weave.Rewrite(root)
	for _, path := range changed {
		fmt.Println("rewrote", path)
	}
	if err != nil {
		return err
	}
	problems, err := weave.Check(root)
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(os.Stderr, p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("weave: %d problem(s) left", len(problems))
	}
	return nil
}
