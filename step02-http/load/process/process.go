package process

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

const module = "example.com/async/"

// Build compiles programs of this module into a folder. They are named by their paths below the module's:
// "step02-http". It needs the Go tools.
func Build(ctx context.Context, folder string, packages ...string) error {
	args := []string{"build", "-o", folder + string(filepath.Separator)}
	for _, p := range packages {
		if path := module + p; !slices.Contains(args, path) {
			args = append(args, path)
		}
	}
	output, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("building the servers: %w\n%s", err, output)
	}
	return nil
}

// A Program says how to start a server. It must take the flag -addr, and print its address.
type Program struct {
	// Name stands for it in errors.
	Name string
	// Package is what Build was given.
	Package string
	// Args are its arguments, besides -addr.
	Args []string
	// Greeting finds the address, as its first group, in one of the lines that it prints.
	Greeting *regexp.Regexp
}

// A Process is a server that runs.
type Process struct {
	// Address is where it listens: "127.0.0.1:8080".
	Address string

	command *exec.Cmd
	stop    func() time.Duration
}

// startLimit is how long a server may take to say its address.
const startLimit = 20 * time.Second

// Start starts a server that Build has put into a folder, on a free port, with one thread for Go
// code on the server's core, and waits for its greeting. It is killed when ctx ends; the caller must call Stop.
func Start(ctx context.Context, folder string, p Program, cores Cores) (*Process, error) {
	file := filepath.Join(folder, filepath.Base(p.Package))
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	command := exec.CommandContext(ctx, file, append([]string{"-addr", "127.0.0.1:0"}, p.Args...)...)
	command.Env = append(os.Environ(), "GOMAXPROCS=1")
	var said, complaint strings.Builder
	command.Stderr = &complaint
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cores.start(command); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.Name, err)
	}
	started := &Process{command: command}
	started.stop = sync.OnceValue(started.kill)
	defer time.AfterFunc(startLimit, func() { command.Process.Kill() }).Stop()
	// Some say more before they greet.
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if match := p.Greeting.FindStringSubmatch(lines.Text()); match != nil {
			started.Address = match[1]
			go io.Copy(io.Discard, stdout) // nobody waits for what else it says
			return started, nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	started.Stop()
	return nil, fmt.Errorf("%s did not start: %s", p.Name, strings.TrimSpace(said.String()+complaint.String()))
}

// Pid is the number of the process.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Stop kills the server, and returns the processor time that it has used in its life. A second
// Stop returns the same.
func (p *Process) Stop() time.Duration { return p.stop() }

// kill needs no good order: nobody waits for an answer by now.
func (p *Process) kill() time.Duration {
	p.command.Process.Kill()
	p.command.Wait() // says that it was killed
	return p.command.ProcessState.UserTime() + p.command.ProcessState.SystemTime()
}

// Resident returns the resident set of a process in bytes, where the system tells it: VmRSS
// in Linux's proc(5).
func Resident(pid int) (bytes int64, ok bool) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &kib); n == 1 {
			return kib << 10, true
		}
	}
	return 0, false
}
