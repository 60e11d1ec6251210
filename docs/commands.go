package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"example.com/async/docs/doctor"
	"example.com/async/docs/netcat"
	"example.com/async/docs/progress"
	"example.com/async/internal/program"
)

// runDoctor does not return. The exit status is 0 when the machine is fine.
func runDoctor(args []string) {
	parse("doctor", "says whether this machine can follow the tutorial, and which exercise comes next", args, 0)
	if !doctor.Run(program.Context(), os.Stdout, repositoryRoot()) {
		os.Exit(1)
	}
	os.Exit(0)
}

// runCheck does not return. The exit status is 0 when all that is asked for is done, and 1 when something is not.
func runCheck(args []string) {
	watch := slices.Contains(args, "-watch") || slices.Contains(args, "--watch")
	args = slices.DeleteFunc(args, func(arg string) bool { return arg == "-watch" || arg == "--watch" })
	args = parse("check [-watch] [WHAT]", `grades the exercises, and says which case is red and why
WHAT is a step (3, step03), an exercise (3.2) or its folder; without it, all are graded
-watch goes on, and grades again what is saved
The exit status is 0 if all of them are done, 1 if not, 2 if there is no such exercise
(go run itself makes 1 of every status but 0)`, args, 1)
	root := repositoryRoot()
	if root == "" {
		misused("check: change to the folder of the tutorial: the exercises are there")
	}
	what := strings.Join(args, "")
	done, err := progress.Check(program.Context(), os.Stdout, root, what, watch)
	switch {
	case errors.Is(err, progress.ErrUnknown):
		misused("check: " + err.Error())
	case err != nil:
		fmt.Fprintf(os.Stderr, "check: %v\n", err)
		os.Exit(1)
	case !done:
		os.Exit(1)
	}
	os.Exit(0)
}

// runNetcat does not return.
func runNetcat(args []string) {
	args = parse("nc HOST:PORT", "connects this terminal to a server, until the server closes", args, 2)
	var address string
	switch len(args) {
	case 1:
		address = args[0]
	case 2:
		address = net.JoinHostPort(args[0], args[1])
	default:
		misused("nc: where to? An address looks like 127.0.0.1:8080")
	}
	if err := netcat.Run(address, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "nc: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// parse handles the arguments of a command that has no flags but -h, and at most so
// many arguments, which it returns.
func parse(usage, does string, args []string, most int) []string {
	for _, arg := range args {
		switch {
		case arg == "-h" || arg == "-help" || arg == "--help":
			fmt.Printf("%s %s\n%s\n", name, usage, does)
			os.Exit(0)
		case len(arg) > 1 && arg[0] == '-':
			misused(fmt.Sprintf("%s: there is no flag %s", usage, arg))
		}
	}
	if len(args) > most {
		misused(fmt.Sprintf("%s: unexpected argument %q", usage, args[most]))
	}
	return args
}

// misused says what is wrong with the arguments, and ends the program.
func misused(message string) {
	fmt.Fprintf(os.Stderr, "%s %s\n", name, message)
	os.Exit(2)
}
