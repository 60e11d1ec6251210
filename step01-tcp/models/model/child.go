package model

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// childArgument, followed by a model's name, tells a program to be that server.
const childArgument = "serve-model"

// ServeIfChild makes the process a server, and never returns, if [Measure] has
// started it as one. A program that calls Measure must call this first in its main,
// and a test in its TestMain, with the same models: Measure starts the running
// program's file again, because memory and threads can only be told apart
// between processes.
func ServeIfChild(models []Model) {
	if len(os.Args) != 3 || os.Args[1] != childArgument {
		return
	}
	i := slices.IndexFunc(models, func(m Model) bool { return m.Name == os.Args[2] })
	if i < 0 {
		fmt.Fprintf(os.Stderr, "there is no model %q: was ServeIfChild called with it?\n", os.Args[2])
		os.Exit(2)
	}
	if err := serveChild(models[i], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serveChild serves until in ends: when the parent closes it, or dies however it
// may, no server is left behind. It writes its address on the first line of out, and
// answers each line of in with its usage.
func serveChild(m Model, in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, listener.Addr())
	go func() {
		defer stop()
		answers := json.NewEncoder(out)
		for questions := bufio.NewScanner(in); questions.Scan(); {
			answers.Encode(currentUsage()) // fails only when nobody waits for it
		}
	}()
	return m.Serve(ctx, listener)
}

// childLimit is how long a child may take to start, to answer and to end.
const childLimit = 30 * time.Second

// A child is a server's process, as its parent sees it.
type child struct {
	command   *exec.Cmd
	address   string
	questions io.WriteCloser
	answers   *bufio.Reader
	words     firstLine
}

// startChild starts the server of a model, which is killed when ctx ends. The
// caller must call stop.
func startChild(ctx context.Context, m Model) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{command: exec.CommandContext(ctx, program, childArgument, m.Name)}
	// A crash shall be told in a line, not by the stacks of 10,000 goroutines.
	c.command.Env = append(os.Environ(), "GOTRACEBACK=none")
	c.command.Stderr = &c.words
	if c.questions, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	answers, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.answers = bufio.NewReader(answers)
	if err := c.command.Start(); err != nil {
		return nil, fmt.Errorf("starting the server %q: %w", m.Name, err)
	}
	defer c.killAfter(childLimit)()
	if c.address, err = c.line(); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// usage asks the server for its usage.
func (c *child) usage() (usage Usage, err error) {
	defer c.killAfter(childLimit)()
	if _, err := io.WriteString(c.questions, "usage\n"); err != nil {
		return Usage{}, err
	}
	answer, err := c.line()
	if err != nil {
		return Usage{}, err
	}
	err = json.Unmarshal([]byte(answer), &usage)
	return usage, err
}

// stop tells the server to end and waits for it. The error says how it ended, if
// not in good order.
func (c *child) stop() error {
	defer c.killAfter(childLimit)()
	c.questions.Close()
	err := c.command.Wait()
	if err != nil && c.words.String() != "" {
		return fmt.Errorf("the server ended: %s", c.words.String())
	}
	return err
}

func (c *child) line() (string, error) {
	line, err := c.answers.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the server's process says nothing: %w", err)
	}
	return strings.TrimSpace(line), nil
}

// killAfter kills the process when the limit is over, unless stop is called before.
func (c *child) killAfter(limit time.Duration) (stop func() bool) {
	return time.AfterFunc(limit, func() { c.command.Process.Kill() }).Stop
}

// A firstLine keeps the first line that is written to it, or its beginning. A Go
// program that crashes says there why.
type firstLine struct {
	text     []byte
	complete bool
}

func (l *firstLine) Write(p []byte) (int, error) {
	const longest = 500
	for _, b := range p {
		l.complete = l.complete || b == '\n' || len(l.text) == longest
		if !l.complete {
			l.text = append(l.text, b)
		}
	}
	return len(p), nil
}

func (l *firstLine) String() string { return strings.TrimSpace(string(l.text)) }
