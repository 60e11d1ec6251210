package compare

import (
	"errors"
	"flag"
	"time"
)

// Options say how to compare.
type Options struct {
	// Rounds is how often each load is measured, at least 1.
	Rounds int
	// Quick measures for a moment only, and once: to see that everything works.
	Quick bool
	// Markdown prints a table for a chapter.
	Markdown bool
	// SVG is the file for the bar chart; "" for none.
	SVG string
}

// AddFlags adds the options to a command's flags. when says when they count: "with -compare: ".
func (o *Options) AddFlags(flags *flag.FlagSet, when string) {
	flags.IntVar(&o.Rounds, "rounds", 3, when+"measure each load `n` times, and take the median")
	flags.BoolVar(&o.Quick, "quick", false, when+"measure once, for a moment: the figures say little")
	flags.BoolVar(&o.Markdown, "markdown", false, when+"print a table in Markdown")
	flags.StringVar(&o.SVG, "svg", "", when+"write a bar chart to this `file`")
}

// Check says what is wrong with the options.
func (o *Options) Check() error {
	if o.Rounds < 1 || o.Rounds > 100 {
		return errors.New("-rounds must be between 1 and 100")
	}
	return nil
}

// timing is how long things are measured.
type timing struct {
	rounds int
	warm   time.Duration // before it is measured: connections are opened, heaps grow
	window time.Duration // measured
	idle   int           // connections whose memory is told
}

func (o *Options) timing() timing {
	if o.Quick {
		return timing{rounds: 1, warm: 100 * time.Millisecond, window: 200 * time.Millisecond, idle: 300}
	}
	return timing{rounds: o.Rounds, warm: 300 * time.Millisecond, window: time.Second, idle: 3000}
}
