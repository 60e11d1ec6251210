// Package program is what the commands of all steps share, so that they behave
// alike: a wrong flag or a failure is one line on stderr that says what to do,
// -h explains, Ctrl-C stops in good order, a second Ctrl-C at once.
//
// A command's main calls [Parse], then [Context], and [Fail] when it must give up.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit statuses, as flag and the go command have them.
const (
	exitFailure = 1
	exitUsage   = 2
)

// Parse parses the command's arguments. about is what -h prints before the
// flags: what the command does, and what to try. The name of flags is how to
// start the command: "go run ./step01-tcp".
//
// Parse returns only if the arguments are right: after -h it exits with status
// 0, after a wrong flag or an argument that is no flag with status 2.
func Parse(flags *flag.FlagSet, about string) {
	if status, done := parse(flags, about, os.Args[1:], os.Stdout, os.Stderr); done {
		os.Exit(status)
	}
}

func parse(flags *flag.FlagSet, about string, args []string, stdout, stderr io.Writer) (status int, done bool) {
	flags.Init(flags.Name(), flag.ContinueOnError)
	// Package flag prints its whole usage after an error, and the error is lost above it.
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "%s\n\nusage: %s [flags]\n", about, flags.Name())
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return 0, true
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v; -h lists the flags\n", flags.Name(), err)
		return exitUsage, true
	}
	return 0, false
}

// Context returns a context that ends at the first Ctrl-C (SIGINT) or SIGTERM.
// From then on a second one has its usual effect: it ends the process at once.
func Context() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

// Fail prints one line and ends the process with status 1. The name is that of the flags.
func Fail(flags *flag.FlagSet, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", flags.Name(), err)
	os.Exit(exitFailure)
}
