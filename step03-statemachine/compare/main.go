// Command compare measures step 3's server beside step 2's, net/http, and gnet, a well-known
// event loop in Go. It is step 2's load -compare with other servers: see package compare there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/compare"
)

const about = `Starts step 3's server, step 2's, net/http and gnet, which does not parse, and measures what a request
costs each of them. Each has one processor core, and the load generator another. It takes about
two minutes.`

// servers are what is compared.
func servers() []compare.Server {
	step2 := compare.Step2
	step2.Ours = false
	all := []compare.Server{
		{Name: "step 3", Package: "step03-statemachine", Args: []string{"-max-conns", "0"}, Ours: true},
		step2,
		compare.NetHTTP,
	}
	if runtime.GOOS != "windows" {
		all = append(all, compare.Server{Name: "gnet", Package: "step03-statemachine/peers/gnet", OneShot: []string{"-once"}})
	}
	return all
}

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/compare", flag.ExitOnError)
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
