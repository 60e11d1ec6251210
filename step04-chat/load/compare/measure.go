package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"example.com/async/step02-http/load/process"
	"example.com/async/step04-chat/load/generator"
)

// Run builds and starts the servers, measures them and writes the figures to out. [Naive] must be among
// them. It takes about a minute and a half for each, with Quick some seconds, and the Go tools. When ctx ends, it returns its error.
//
// While it runs, the process is bound to one core, where the system allows it.
func Run(ctx context.Context, out io.Writer, servers []process.Program, o Options) error {
	folder, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var packages []string
	for _, s := range servers {
		packages = append(packages, s.Package)
	}
	if err := process.Build(ctx, folder, packages...); err != nil {
		return errors.Join(ctx.Err(), err)
	}
	cores, unpin := process.Pin()
	defer unpin()
	samples, err := measureAll(ctx, folder, servers, cores, o.timing())
	if err != nil {
		return err
	}
	rows := tabulate(servers, samples)
	if o.Markdown {
		return writeMarkdown(out, rows)
	}
	return writeText(out, rows, cores.Pinned(), o.timing())
}

// measureAll measures each load with each server, round by round.
func measureAll(ctx context.Context, folder string, servers []process.Program, cores process.Cores, t timing) (map[key][]figures, error) {
	samples := make(map[key][]figures)
	for round := range t.rounds {
		for _, l := range loads {
			for i := range servers {
				// Another one begins in each round: whoever comes after a costly one shall not
				// always be the same.
				s := servers[(i+round)%len(servers)]
				f, err := measure(ctx, folder, s, cores, l, t)
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", s.Name, l.name, err)
				}
				samples[key{l.name, s.Name}] = append(samples[key{l.name, s.Name}], f)
			}
		}
	}
	return samples, nil
}

// measure measures one load with one server, in a new process: what the last load
// has left behind in memory is not the next one's price.
func measure(ctx context.Context, folder string, s process.Program, cores process.Cores, l load, t timing) (figures, error) {
	server, err := process.Start(ctx, folder, s, cores)
	if err != nil {
		return figures{}, err
	}
	defer server.Stop()
	l.Dial = func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", server.Address)
	}
	l.Size, l.Duration, l.Patience = messageSize, time.Hour, t.patience // until Stop
	switch l.kind {
	case idle:
		return measureIdle(ctx, server, l.Load, t.idle)
	case crowd:
		l.Clients = t.crowd
		t.window *= 3 // in which there are few messages
	}
	return measureTalk(ctx, server, l, t)
}

func measureTalk(ctx context.Context, server *process.Process, l load, t timing) (figures, error) {
	room, err := generator.Join(ctx, l.Load)
	if err != nil {
		return figures{}, err
	}
	defer room.Leave()
	if l.stalled > 0 {
		others, err := generator.Stall(ctx, l.Load, l.stalled)
		if err != nil {
			return figures{}, err
		}
		defer others.Leave()
	}
	room.Start()
	wait(ctx, t.warm)
	memory, _ := process.Resident(server.Pid())
	before, known := process.CPU(server.Pid())
	room.Reset()
	var window generator.Snapshot
	var after time.Duration
	// On a machine that is very busy nothing may arrive at first. If nothing ever does, room notices.
	for until := time.Now().Add(3 * t.patience); window.Delivered == 0 && time.Now().Before(until) && ctx.Err() == nil; {
		wait(ctx, t.window)
		after, _ = process.CPU(server.Pid())
		window = room.Snapshot()
	}
	grown, _ := process.Resident(server.Pid())
	room.Stop()
	result := room.Wait()
	if err := fault(result); err != nil && ctx.Err() == nil {
		return figures{}, err
	}
	f := figures{
		perSecond: float64(window.Delivered) / window.Elapsed.Seconds(),
		p50:       quantile(result.Each, 50),
		p99:       quantile(result.Each, 99),
		last:      quantile(result.Last, 99),
		lastP50:   quantile(result.Last, 50),
		clients:   float64(l.Clients),
		seated:    room.Seated,
		lost:      float64(result.Lost),
		growth:    float64(grown - memory),
		frozen:    result.Stuck,
	}
	if known && window.Delivered > 0 {
		f.cpu = float64(after-before) / float64(window.Delivered)
		f.busy = float64(after-before) / float64(window.Elapsed)
	}
	return f, nil
}

// fault says what a server has done wrong, besides losing messages.
func fault(r *generator.Result) error {
	if r.Late+r.Again+r.Garbled > 0 || len(r.Gone) > 0 {
		return fmt.Errorf("%d messages came late, %d again, %d with other content; connections ended: %v", r.Late, r.Again, r.Garbled, r.Gone)
	}
	return nil
}

// someClients come first, when memory is measured: what they need, a server may need once.
const someClients = 10

// measureIdle returns what each of n clients that only listen adds to the server's memory. It is 0 where the
// system doesn't tell.
func measureIdle(ctx context.Context, server *process.Process, l generator.Load, n int) (figures, error) {
	l.Clients, l.Senders = someClients, 1
	some, err := generator.Join(ctx, l)
	if err != nil {
		return figures{}, err
	}
	defer some.Leave()
	empty, ok := process.Resident(server.Pid())
	l.Clients = n
	others, err := generator.Join(ctx, l)
	if err != nil {
		return figures{}, err
	}
	defer others.Leave()
	full, also := process.Resident(server.Pid())
	if !ok || !also {
		return figures{}, nil
	}
	return figures{memory: float64(full-empty) / float64(n)}, nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
