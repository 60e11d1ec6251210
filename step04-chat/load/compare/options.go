package compare

import (
	"errors"
	"flag"
	"time"

	"example.com/async/internal/program"
)

// Options say how to compare.
type Options struct {
	// Rounds is how often each load is measured, at least 1.
	Rounds int
	// Quick measures for a moment only, and once: to see that everything works.
	Quick bool
	// Markdown prints a table for a chapter.
	Markdown bool
}

// AddFlags adds the options to a command's flags. What each flag does is told behind the words of when.
func (o *Options) AddFlags(flags *flag.FlagSet, when string) {
	flags.IntVar(&o.Rounds, "rounds", 3, when+"measure each load `n` times, and take the median")
	flags.BoolVar(&o.Quick, "quick", false, when+"measure once, for a moment: the figures say little")
	flags.BoolVar(&o.Markdown, "markdown", false, when+"print a table in Markdown")
}

// Check says what is wrong with the options.
func (o *Options) Check() error {
	if o.Rounds < 1 || o.Rounds > 100 {
		return errors.New("-rounds must be between 1 and 100")
	}
	return nil
}

// otherFiles is how many files are left for all but the clients.
const otherFiles = 100

// timing is how long things are measured.
type timing struct {
	rounds   int
	warm     time.Duration // before it is measured: heaps grow, buffers fill
	window   time.Duration // measured
	patience time.Duration // see generator.Load
	// As many as the limit of files allows: clients whose memory is told, and clients in one room.
	idle, crowd int
}

func (o *Options) timing() timing {
	if o.Quick {
		return timing{rounds: 1, warm: 100 * time.Millisecond, window: 200 * time.Millisecond, patience: time.Second, idle: 300, crowd: 300}
	}
	most := program.FileLimit() - otherFiles
	return timing{rounds: o.Rounds, warm: 300 * time.Millisecond, window: 2 * time.Second, patience: 2 * time.Second,
		idle: min(3000, most), crowd: min(10_000, most)}
}
