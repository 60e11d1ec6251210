package model

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"example.com/async/internal/program"
)

const about = `Serves the same echo by different models, each in a process of its own, and prints
for each:

  held         how many of n clients were answered and connected at the same time
  last answer  when the last of n clients was answered while one more was slow
  memory       what a connection costs the server: its resident set, not the kernel's memory
  threads      of the server, while it holds the connections`

// Command is the whole main function of a program that measures the models and
// prints the table. name is how to start it: "go run ./step01-tcp/models".
func Command(name string, models []Model) {
	ServeIfChild(models) // before anything else: this may be a server's process

	options := Options{Conns: 1000, Slow: time.Second}
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	flags.Func("n", "connect so many `clients` (default 1000)", func(text string) (err error) {
		options.Conns, err = strconv.Atoi(text)
		if err != nil || options.Conns < 1 {
			return errors.New("it must be a number, at least 1")
		}
		return nil
	})
	flags.Func("slow", "let the slow client keep its connection for this `time` (default 1s)", func(text string) (err error) {
		options.Slow, err = time.ParseDuration(text)
		if err != nil || options.Slow < time.Millisecond || options.Slow > time.Minute {
			return errors.New("it must be a time between 1ms and 1m")
		}
		return nil
	})
	markdown := flags.Bool("markdown", false, "print the table as Markdown")
	program.Parse(flags, about)

	table := Table
	if *markdown {
		table = MarkdownTable
	}
	err := run(program.Context(), os.Stdout, models, options, table)
	switch {
	case errors.Is(err, context.Canceled):
		program.Fail(flags, errors.New("interrupted"))
	case err != nil:
		program.Fail(flags, err)
	}
}

// run measures the models one after the other, so that they don't take the
// processor from each other, and writes their table.
func run(ctx context.Context, out io.Writer, models []Model, options Options, table func(io.Writer, []Result) error) error {
	if fitting := fitFileLimit(options.Conns, program.FileLimit()); fitting < options.Conns {
		fmt.Fprintf(out, "This system lets a process open %d files: %d clients instead of %d.\n", program.FileLimit(), fitting, options.Conns)
		options.Conns = fitting
	}
	var results []Result
	for _, m := range models {
		result, err := Measure(ctx, m, options)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		results = append(results, result)
	}

	fmt.Fprintf(out, "%d clients; the slow one keeps its connection for %v\n\n", options.Conns, options.Slow)
	if err := table(out, results); err != nil {
		return err
	}
	for _, result := range results {
		for _, note := range result.Notes {
			fmt.Fprintf(out, "\n%s: %s\n", result.Model, note)
		}
	}
	return nil
}
