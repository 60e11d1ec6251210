package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"example.com/async/step02-http/load/client"
	"example.com/async/step02-http/load/generator"
	"example.com/async/step02-http/load/process"
)

// Run builds and starts the servers, measures them and writes the figures to out. NetHTTP must be
// among them. It takes about 25 seconds for each, with Quick 3, and the Go tools. When ctx ends, it
// returns its error.
//
// While it runs, the process is bound to one core, where the system allows it.
func Run(ctx context.Context, out io.Writer, servers []Server, o Options) error {
	folder, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := build(ctx, folder, servers); err != nil {
		return errors.Join(ctx.Err(), err)
	}
	cores, unpin := process.Pin()
	defer unpin()
	rows, err := measureAll(ctx, folder, servers, cores, o.timing())
	if err != nil {
		return err
	}
	if o.SVG != "" {
		if err := os.WriteFile(o.SVG, []byte(svg(rows)), 0o644); err != nil {
			return err
		}
	}
	if o.Markdown {
		return writeMarkdown(out, rows)
	}
	return writeText(out, rows, cores.Pinned(), o.timing())
}

// measureAll measures each load with each server, round by round.
func measureAll(ctx context.Context, folder string, servers []Server, cores process.Cores, t timing) ([]row, error) {
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
	return tabulate(servers, samples), nil
}

// measure measures one load with one server, in a new process: what the last load
// has left behind in memory is not the next one's price.
func measure(ctx context.Context, folder string, s Server, cores process.Cores, l load, t timing) (f figures, err error) {
	server, err := start(ctx, folder, s, l, cores)
	if err != nil {
		return figures{}, err
	}
	defer server.Stop()
	if l.idle {
		f.memory, err = measureIdle(ctx, server, l, t.idle)
		return f, err
	}
	return measureRequests(ctx, server, l, t)
}

// mostWindows is how often measureRequests waits for a first answer.
const mostWindows = 50

func measureRequests(ctx context.Context, server *process.Process, l load, t timing) (f figures, err error) {
	endpoint, err := l.endpoint(server.Address)
	if err != nil {
		return figures{}, err
	}
	sending, err := generator.Start(ctx, generator.Load{
		Dial: dial(server.Address), Endpoints: []generator.Endpoint{endpoint},
		Conns: l.conns, Pipeline: l.pipeline, OneShot: l.oneShot,
		Duration: time.Hour, // until Stop
	})
	if err != nil {
		return figures{}, err
	}
	wait(ctx, t.warm)
	warm := sending.Snapshot()
	before, known := process.CPU(server.Pid())
	sending.Reset()
	var window generator.Snapshot
	var after time.Duration
	// On a machine that is very busy there may be no answer at first.
	for tries := 0; tries < mostWindows && window.Answered == 0; tries++ {
		wait(ctx, t.window)
		after, _ = process.CPU(server.Pid())
		window = sending.Snapshot()
	}
	sending.Stop()
	result := sending.Wait()
	switch {
	case ctx.Err() != nil:
		return figures{}, ctx.Err()
	case warm.Failed+result.Failed() > 0:
		return figures{}, fmt.Errorf("%d requests failed: %v", warm.Failed+result.Failed(), result.Endpoints[0].Failures)
	case result.Right() < result.Answered() || window.Answered == 0:
		return figures{}, fmt.Errorf("%d of %d answers were right", result.Right(), result.Answered())
	}
	f = figures{
		perSecond: float64(window.Answered) / window.Elapsed.Seconds(),
		p50:       time.Duration(result.Latency.ValueAtQuantile(50)) * time.Microsecond,
		p99:       time.Duration(result.Latency.ValueAtQuantile(99)) * time.Microsecond,
	}
	if known {
		f.cpu = float64(after-before) / float64(window.Answered)
		f.busy = float64(after-before) / float64(window.Elapsed)
	} else {
		// Then it is the server's whole life, and all that it has answered.
		f.cpu = float64(server.Stop()) / float64(warm.Answered+result.Answered())
		f.busy = f.cpu * f.perSecond / float64(time.Second)
	}
	return f, nil
}

// measureIdle opens connections, has one answer on each, and returns what each
// adds to the server's resident memory while it waits, in bytes. It returns 0
// where the system doesn't tell.
func measureIdle(ctx context.Context, server *process.Process, l load, n int) (perConn float64, err error) {
	request, err := l.request(server.Address)
	if err != nil {
		return 0, err
	}
	conns := make([]net.Conn, 0, n)
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	open := func() error {
		conn, err := dial(server.Address)(ctx)
		if err != nil {
			return err
		}
		conns = append(conns, conn)
		conn.SetDeadline(time.Now().Add(answerLimit))
		if _, err := conn.Write(request.Bytes); err != nil {
			return err
		}
		_, err = client.NewReader(conn).Next(request.Method, false)
		return err
	}
	// What the first connection needs, a server needs once.
	if err := open(); err != nil {
		return 0, err
	}
	empty, ok := process.Resident(server.Pid())
	if !ok {
		return 0, nil
	}
	for range n {
		if err := open(); err != nil {
			return 0, err
		}
	}
	full, _ := process.Resident(server.Pid())
	return float64(full-empty) / float64(n), nil
}

// answerLimit is how long one answer may take.
const answerLimit = 20 * time.Second

func dial(address string) func(context.Context) (net.Conn, error) {
	var d net.Dialer
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", address) }
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
