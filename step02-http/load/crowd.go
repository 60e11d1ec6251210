package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/crowd"
	"example.com/async/step02-http/load/generator"
)

// crowdDuration is how long is measured beside a crowd, unless the flags say otherwise: longer
// than servers let a slow head take, so that they have to defend themselves meanwhile.
const crowdDuration = 15 * time.Second

// otherFiles is how many descriptors a process is left for all that is not a connection.
const otherFiles = 32

// checkCrowd completes what the flags say of a crowd, and refuses what can't be done.
func (o *options) checkCrowd() error {
	all := o.crowd.Idle + o.crowd.Slow
	switch {
	case o.crowd.Idle < 0 || o.crowd.Slow < 0:
		return errors.New("-idle and -slow can't be negative")
	case all == 0:
		return nil
	case o.json != "":
		return errors.New("-json has no place for -idle and -slow")
	case o.load.Conns+all > math.MaxUint16:
		return fmt.Errorf("-c, -idle and -slow must be at most %d together: there are no more ports", math.MaxUint16)
	}
	if o.load.Count == 0 && o.load.Duration == 0 {
		o.load.Duration = crowdDuration
	}
	return fitsFileLimit(o.load.Conns+all, program.FileLimit())
}

// fitsFileLimit says what to do if a process can't have so many connections.
func fitsFileLimit(conns, limit int) error {
	if conns <= limit-otherFiles {
		return nil
	}
	return fmt.Errorf("%d connections need as many files, and a process may open %d here, the server too: "+
		"allow more (ulimit -Hn, perhaps as root), or ask for fewer", conns, limit)
}

// runBesideCrowd measures a load three times: alone, beside a crowd, and when the crowd has
// left. The third tells how much two measurements differ when nothing has changed.
func runBesideCrowd(ctx context.Context, out io.Writer, o options) error {
	fmt.Fprintf(out, "%s\n\n", o.url)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\tanswered\tfailed\tmedian ms\tp99 ms\tmax ms\t\n")
	measure := func(when string) error {
		run, err := generator.Start(ctx, o.load)
		if err != nil {
			return err
		}
		writeRow(table, when, run.Wait())
		return ctx.Err()
	}
	if err := measure("alone"); err != nil {
		return err
	}
	others, err := crowd.Gather(ctx, o.crowd)
	if err != nil {
		return err
	}
	err = measure(fmt.Sprintf("beside %d idle and %d slow", o.crowd.Idle, o.crowd.Slow))
	idle, slow := others.Ended()
	others.Leave()
	if err != nil {
		return err
	}
	if err := measure("alone again"); err != nil {
		return err
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nMeanwhile the server has ended %d connections of idle clients and %d of slow ones; each came again.\n", idle, slow)
	return err
}

func writeRow(w io.Writer, when string, r *generator.Result) {
	ms := func(quantile float64) float64 { return float64(r.Latency.ValueAtQuantile(quantile)) / 1000 }
	fmt.Fprintf(w, "%s\t%d\t%d\t%.3f\t%.3f\t%.3f\t\n", when, r.Answered(), r.Sent()-r.Succeeded()+r.Skipped, ms(50), ms(99), ms(100))
}
