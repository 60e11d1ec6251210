package measure

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step02-http/load/process"
	"example.com/async/step04-chat/load/generator"
	"example.com/async/step05-select/designs/node"
	"example.com/async/step05-select/designs/server"
)

// A contestant is a design that can be started.
type contestant struct {
	name    string
	folder  string // of its program
	program process.Program
	pool    bool   // it has an answer to who computes
	missing string // why it can't be started, if it can't
}

var greeting = regexp.MustCompile(`chat server on (\S+:\d+)`)

// contestants returns all designs. Those of package server are the running program itself, started once more.
func contestants(folder string) ([]contestant, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := []contestant{{name: "node", folder: folder, program: process.Program{Package: node.Script}, pool: true}}
	if err := node.Install(folder); err != nil {
		all[0].missing = err.Error()
	}
	for _, d := range server.All() {
		all = append(all, contestant{name: d.Name, folder: filepath.Dir(self), pool: d.Pool, program: process.Program{
			Package: strings.TrimSuffix(filepath.Base(self), ".exe"), Args: []string{"-serve", d.Name},
		}})
	}
	for i := range all {
		all[i].program.Name, all[i].program.Greeting = all[i].name, greeting
	}
	return all, nil
}

// chosen returns those designs that are named, or all.
func chosen(designs []contestant, names []string) ([]contestant, error) {
	if len(names) == 0 {
		return designs, nil
	}
	var some []contestant
	for _, name := range names {
		i := slices.IndexFunc(designs, func(d contestant) bool { return d.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no design %q", name)
		}
		some = append(some, designs[i])
	}
	return some, nil
}

// Run measures all designs and writes their table to out. The program that calls it must be a server itself when
// it is started with -serve and -addr: see main.go. When ctx ends, Run returns its error.
//
// While it runs, the process is bound to one core, where the system allows it.
func Run(ctx context.Context, out io.Writer, o Options) error {
	const otherFiles = 32
	if most := program.FileLimit() - otherFiles; o.Clients > most {
		return fmt.Errorf("%d clients need as many files, and a process may open %d here: ask for fewer", o.Clients, most)
	}
	folder, err := os.MkdirTemp("", "designs")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	designs, err := contestants(folder)
	if err != nil {
		return err
	}
	if designs, err = chosen(designs, o.Only); err != nil {
		return err
	}
	cores, unpin := process.Pin()
	defer unpin()
	samples, err := measureAll(ctx, designs, cores, o)
	if err != nil {
		return err
	}
	results := make(map[key]figures)
	for k, rounds := range samples {
		results[k] = summary(rounds)
	}
	return writeTable(out, designs, results, o, cores.Pinned())
}

// measureAll measures each load with each design, round by round.
func measureAll(ctx context.Context, designs []contestant, cores process.Cores, o Options) (map[key][]figures, error) {
	samples := make(map[key][]figures)
	loads := o.loads()
	for round := range o.Rounds {
		for _, name := range order {
			for i := range designs {
				// Another one begins in each round: whoever comes after a costly one shall not always be the same.
				d, l := designs[(i+round)%len(designs)], loads[name]
				if d.missing != "" || l.pool && !d.pool {
					continue
				}
				f, err := measure(ctx, d, cores, l, o)
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", d.name, name, err)
				}
				samples[key{name, d.name}] = append(samples[key{name, d.name}], f)
			}
		}
	}
	return samples, nil
}

// measure measures one load with one design, in a new process: what the last load has left behind in
// memory is not the next one's price.
func measure(ctx context.Context, d contestant, cores process.Cores, l load, o Options) (figures, error) {
	if l.pool {
		d.program.Args = append(d.program.Args[:len(d.program.Args):len(d.program.Args)], "-pool")
	}
	started, err := process.Start(ctx, d.folder, d.program, cores)
	if err != nil {
		return figures{}, err
	}
	defer started.Stop()
	l.Dial = func(ctx context.Context) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "tcp", started.Address)
	}
	if l.idle {
		return measureIdle(ctx, started, l.Load, o.Clients)
	}
	return measureTalk(ctx, started, l, o.Window)
}

// warm is how long a load runs before it is measured: heaps grow, and V8 compiles what is used.
const warm = time.Second

func measureTalk(ctx context.Context, started *process.Process, l load, window time.Duration) (figures, error) {
	room, err := generator.Join(ctx, l.Load)
	if err != nil {
		return figures{}, err
	}
	defer room.Leave()
	room.Start()
	var labour *labourer
	if l.work {
		if labour, err = startWork(ctx, started.Address); err != nil {
			return figures{}, err
		}
		defer labour.conn.Close() // ends it, whatever happens
	}
	wait(ctx, min(warm, window))
	if _, err := askStats(ctx, started.Address); err != nil { // it begins anew
		return figures{}, err
	}
	before, known := process.CPU(started.Pid())
	room.Reset()
	wait(ctx, window)
	after, _ := process.CPU(started.Pid())
	delivered := room.Snapshot()
	room.Stop()
	stats, err := askStats(ctx, started.Address)
	if err != nil {
		return figures{}, err
	}
	result := room.Wait()
	if result.Delivered == 0 || result.Late+result.Again+result.Garbled > 0 || len(result.Gone) > 0 {
		return figures{}, fmt.Errorf("%d deliveries, %d came late, %d again, %d with other content; connections ended: %v",
			result.Delivered, result.Late, result.Again, result.Garbled, result.Gone)
	}
	f := figures{
		perSecond: float64(delivered.Delivered) / delivered.Elapsed.Seconds(),
		p50:       time.Duration(result.Each.ValueAtQuantile(50)) * time.Microsecond,
		p99:       time.Duration(result.Each.ValueAtQuantile(99)) * time.Microsecond,
		max:       time.Duration(result.Each.Max()) * time.Microsecond,
		lost:      result.Lost,
		pauses:    stats,
	}
	if known && delivered.Delivered > 0 {
		f.cpu = float64(after-before) / float64(delivered.Delivered)
	}
	if labour != nil {
		f.answer, err = labour.end()
	}
	return f, err
}

// someClients come first, when memory is measured: what they need, a server may need once.
const someClients = 10

// measureIdle tells what each of n clients that only listen adds to the server's memory, and how many threads it has then.
func measureIdle(ctx context.Context, started *process.Process, l generator.Load, n int) (f figures, err error) {
	l.Clients, l.Senders = someClients, 1
	some, err := generator.Join(ctx, l)
	if err != nil {
		return f, err
	}
	defer some.Leave()
	empty, ok := process.Resident(started.Pid())
	l.Clients = n
	others, err := generator.Join(ctx, l)
	if err != nil {
		return f, err
	}
	defer others.Leave()
	full, also := process.Resident(started.Pid())
	if ok && also {
		f.memory = float64(full-empty) / float64(n)
	}
	// On Linux each thread is a folder here, see proc(5). Elsewhere the number stays unknown.
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", started.Pid()))
	f.threads = len(threads)
	return f, nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
