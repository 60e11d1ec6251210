package model

import (
	"context"
	"time"
)

// Options say how a model is measured.
type Options struct {
	// Conns is how many clients connect, at least 1.
	Conns int
	// Slow is how long the slow client keeps its connection, and how long Measure
	// waits for one more client to be answered before it takes those that
	// were for all that the model can hold. More than 0.
	Slow time.Duration
}

// A Result is what Measure has found out about a model.
type Result struct {
	Model   string
	Options Options

	// Held is how many of the clients were answered and connected at the same time.
	Held int
	// Empty and Full are the server's usage before the first client and with Held
	// connections open. Full is zero if the server did not survive.
	Empty, Full Usage

	// Last is how long the last of the clients waited for its answer while one
	// more client was slow.
	Last time.Duration
	// Unanswered is how many clients had no answer by then: more than 0 if the
	// server failed, or took half a minute longer than the slow client.
	Unanswered int

	// Notes say in a sentence each what went wrong, if anything.
	Notes []string
}

// enoughToDivide is the least number of connections whose memory is told: with
// fewer, what the runtime takes for itself in the meantime is larger.
const enoughToDivide = 100

// PerConn is the memory in bytes that a connection costs the server, stacks and
// buffers included. ok is false if there were too few connections to tell.
func (r Result) PerConn() (bytes int64, ok bool) {
	if r.Held < enoughToDivide || r.Full == (Usage{}) {
		return 0, false
	}
	return (r.Full.Memory - r.Empty.Memory) / int64(r.Held), true
}

// Measure measures a model. Its server runs in a process of its own, see
// [ServeIfChild]; the clients run in this one, and need a file descriptor each.
// What the server makes wrong is in the result's notes. An error means that
// nothing could be measured, or is that of ctx, which ends everything at once.
func Measure(ctx context.Context, m Model, options Options) (Result, error) {
	result := Result{Model: m.Name, Options: options}
	for _, part := range []func(context.Context, *child, *Result) error{measureHeld, measureLast} {
		// A new process for each part: what the first has left behind in memory is
		// not the second one's price.
		server, err := startChild(ctx, m)
		if err != nil {
			return result, err
		}
		partErr := part(ctx, server, &result)
		stopErr := server.stop()
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		// The server's last words tell more than what the clients saw of its end.
		if stopErr != nil {
			result.Notes = append(result.Notes, stopErr.Error())
		} else if partErr != nil {
			result.Notes = append(result.Notes, partErr.Error())
		}
	}
	return result, nil
}

func measureHeld(ctx context.Context, server *child, result *Result) (err error) {
	if result.Empty, err = server.usage(); err != nil {
		return err
	}
	var usageErr error
	result.Held, err = hold(ctx, server.address, result.Options.Conns, result.Options.Slow, func() {
		result.Full, usageErr = server.usage()
	})
	if err != nil {
		return err
	}
	return usageErr
}

func measureLast(ctx context.Context, server *child, result *Result) (err error) {
	result.Last, result.Unanswered, err = behindSlow(ctx, server.address, result.Options.Conns, result.Options.Slow)
	return err
}
