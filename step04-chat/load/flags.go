package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/process"
	"example.com/async/step04-chat/load/compare"
	"example.com/async/step04-chat/load/generator"
	"example.com/async/step04-chat/load/soak"
)

const about = `Fills a chat room with clients that talk, and reports what becomes of their messages. The
address stands before or behind the flags, or after -addr. Try:

  go run ./step04-chat/load 127.0.0.1:8080
  go run ./step04-chat/load -c 1000 -senders 1 127.0.0.1:8080
  go run ./step04-chat/load -c 1000 -senders 1000 -rate 100 127.0.0.1:8080
  go run ./step04-chat/load -window 0 127.0.0.1:8080
  go run ./step04-chat/load -stalled 1 127.0.0.1:8080
  go run ./step04-chat/load -typing 5ms 127.0.0.1:8080
  go run ./step04-chat/load -soak 1m 127.0.0.1:8080
  go run ./step04-chat/load -compare`

// Defaults of the load: the messages in flight fit into the buffer of the article's server.
const (
	defaultClients  = 100
	defaultSenders  = 10
	defaultWindow   = 64
	defaultSize     = 32
	defaultDuration = 5 * time.Second
	soakRounds      = 6
)

// otherFiles is how many descriptors a process is left for all that is not a connection.
const otherFiles = 32

// options are what the flags say.
type options struct {
	address    string
	load       generator.Load
	stalled    int
	soak       soak.Soak // not asked for if its Duration is 0
	pid        int       // 0: unknown
	json       bool
	compare    bool
	comparison compare.Options
}

// parseFlags returns only if the arguments are right.
func parseFlags() (options, *flag.FlagSet) {
	var o options
	flags := flag.NewFlagSet("go run ./step04-chat/load", flag.ExitOnError)
	flags.StringVar(&o.address, "addr", "", "talk at this `address`; at several with commas between, in turn, if the servers there are one chat")
	flags.IntVar(&o.load.Clients, "c", defaultClients, "enter with `n` clients that read everything")
	flags.IntVar(&o.load.Senders, "senders", defaultSenders, "`n` of them send")
	flags.IntVar(&o.stalled, "stalled", 0, "enter with `n` more that never read")
	flags.IntVar(&o.load.Window, "window", -1, "have at most `n` messages in flight, of all senders together; 0 is no limit")
	flags.Lookup("window").DefValue = fmt.Sprintf("%d; with -rate, 0", defaultWindow) // what -h says: it depends
	flags.Float64Var(&o.load.Rate, "rate", 0, "send `n` messages a second in all; their times count from when they were due")
	flags.IntVar(&o.load.Size, "size", defaultSize, "send messages of `n` bytes")
	flags.DurationVar(&o.load.Typing, "typing", 0, "pause for this `time` in the middle of each line")
	flags.IntVar(&o.load.Count, "n", 0, "send `n` messages")
	flags.DurationVar(&o.load.Duration, "d", 0, fmt.Sprintf("send for this `time` (default %v, unless -n is given)", defaultDuration))
	flags.DurationVar(&o.load.Patience, "patience", 2*time.Second, "when nothing has arrived for this `time`, what is in flight is lost")
	flags.IntVar(&o.pid, "pid", 0, "tell what the process with this `number` uses meanwhile: the server's, on this machine")
	flags.BoolVar(&o.json, "json", false, "print the report as JSON")
	flags.DurationVar(&o.soak.Duration, "soak", 0, "for this `time`, let clients come that talk, flood, stall, vanish and leave, -c at a time, and see what they leave behind")
	flags.Uint64Var(&o.soak.Seed, "seed", 0, "with -soak: the `number` that decides what clients do (default another each time)")
	flags.BoolVar(&o.compare, "compare", false, "start step 4's server and others, and compare them")
	o.comparison.AddFlags(flags, "with -compare: ")
	os.Args = addressAsFlag(os.Args)
	program.Parse(flags, about)

	if err := o.complete(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v; -h lists the flags\n", flags.Name(), err)
		os.Exit(2)
	}
	return o, flags
}

// addressAsFlag lets the address stand alone, first or last.
func addressAsFlag(args []string) []string {
	isAddress := func(text string) bool { return strings.Contains(text, ":") && !strings.HasPrefix(text, "-") }
	last := len(args) - 1
	switch {
	case last < 1:
		return args
	case isAddress(args[1]):
		return append([]string{args[0], "-addr"}, args[1:]...)
	case isAddress(args[last]) && !strings.HasSuffix(args[last-1], "-addr"):
		return append(append([]string{}, args[:last]...), "-addr", args[last])
	}
	return args
}

// complete makes a load of what the flags say.
func (o *options) complete() error {
	if o.compare {
		if o.address != "" {
			return errors.New("-compare starts its own servers, and takes no address")
		}
		return o.comparison.Check()
	}
	if o.soak.Duration != 0 {
		o.soak.Rounds, o.soak.Clients, o.soak.Pid = soakRounds, o.load.Clients, o.pid
		if o.soak.Seed == 0 {
			o.soak.Seed = uint64(rand.Uint32())
		}
	}
	if o.load.Window == -1 {
		o.load.Window = defaultWindow
		if o.load.Rate != 0 {
			o.load.Window = 0
		}
	}
	if o.load.Count == 0 && o.load.Duration == 0 {
		o.load.Duration = defaultDuration
	}
	if o.pid != 0 {
		if _, ok := process.Resident(o.pid); !ok {
			return fmt.Errorf("of process %d this system tells nothing", o.pid)
		}
	}
	if o.address == "" {
		return errors.New("which server? Name an address, 127.0.0.1:8080 for example")
	}
	addresses := strings.Split(o.address, ",")
	for _, address := range addresses {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return err
		}
	}
	conns := o.load.Clients + max(0, o.stalled)
	switch {
	case o.stalled < 0 || o.stalled > generator.MaxStalled:
		return fmt.Errorf("-stalled must be between 0 and %d", generator.MaxStalled)
	case conns > math.MaxUint16:
		return fmt.Errorf("-c and -stalled must be at most %d together: there are no more ports", math.MaxUint16)
	case conns > program.FileLimit()-otherFiles:
		return fmt.Errorf("%d connections need as many files, and a process may open %d here, the server too: "+
			"allow more (ulimit -Hn, perhaps as root), or ask for fewer", conns, program.FileLimit())
	}
	o.load.Dial = dialInTurn(addresses)
	if o.soak.Duration != 0 {
		o.soak.Dial = o.load.Dial
		return o.soak.Check()
	}
	return o.load.Check()
}

// dialInTurn returns a function that opens connections to the addresses, one after the other.
func dialInTurn(addresses []string) func(ctx context.Context) (net.Conn, error) {
	var dialed atomic.Uint64
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addresses[(dialed.Add(1)-1)%uint64(len(addresses))])
	}
}
