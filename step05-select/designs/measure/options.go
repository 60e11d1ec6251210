package measure

import (
	"errors"
	"flag"
	"strings"
	"time"
)

// Options say how to measure.
type Options struct {
	// Clients is how many talk in the largest room. A tenth of them are in the small ones.
	Clients int
	// Window is how long each load is measured.
	Window time.Duration
	// Rounds is how often.
	Rounds int
	// Only are the names of the designs to measure; none means all.
	Only []string
	// Markdown prints a table for a chapter.
	Markdown bool
}

// AddFlags adds the options to a command's flags.
func (o *Options) AddFlags(flags *flag.FlagSet) {
	flags.IntVar(&o.Clients, "c", 1000, "let `n` clients talk, and a tenth of them flood or wait for who computes")
	flags.DurationVar(&o.Window, "d", 2*time.Second, "measure each load for this `time`")
	flags.IntVar(&o.Rounds, "rounds", 3, "measure each load `n` times, and take the median")
	flags.Func("only", "measure these `designs`: poll,goroutine for example", func(names string) error {
		o.Only = strings.Split(names, ",")
		return nil
	})
	flags.BoolVar(&o.Markdown, "markdown", false, "print the table in Markdown")
}

// maxClients keeps the design with threads below the 10,000 that a Go program may have.
const maxClients = 4000

// Check says what is wrong with the options.
func (o *Options) Check() error {
	switch {
	case o.Clients < 20 || o.Clients > maxClients:
		return errors.New("-c must be between 20 and 4000")
	case o.Window < 100*time.Millisecond || o.Window > time.Minute:
		return errors.New("-d must be between 100ms and 1m")
	case o.Rounds < 1 || o.Rounds > 100:
		return errors.New("-rounds must be between 1 and 100")
	}
	return nil
}
