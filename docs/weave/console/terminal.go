package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// maxOutput is how many bytes a command may print. A program that loops would
// fill the memory long before its time is up.
const maxOutput = 1 << 20

// outputGrace is how long the output of a command that has ended may stay
// open: some other process, which the kill did not reach, holds it.
const outputGrace = time.Second

// process is a command in a terminal. Its methods may be called from several goroutines.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	output *os.File
	goRun  bool          // behave as "go run" does when the program fails
	done   chan struct{} // closed when the process has ended and its output is read

	mu          sync.Mutex
	transcript  []byte        // all that was printed
	unread      []string      // complete lines, normalized, that no expectation has taken
	partial     []byte        // a line whose end is not yet there
	changed     chan struct{} // closed and replaced at every change
	ended       bool
	status      int // once ended; -1 for a signal
	overflowed  bool
	interrupted bool
}

// startProcess starts a command of the shell. Its stdin stays open until
// endInput, as that of a terminal does. stop must be called in the end.
func startProcess(shell, command, dir string, env []string, goRun bool) (*process, error) {
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, inRead.Close(), inWrite.Close())
	}
	p := &process{
		stdin:   inWrite,
		output:  outRead,
		goRun:   goRun,
		done:    make(chan struct{}),
		changed: make(chan struct{}),
	}
	p.cmd = exec.Command(shell, "-c", command)
	p.cmd.Dir, p.cmd.Env = dir, env
	// One pipe for both, so that their lines come in the order of a terminal.
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = inRead, outWrite, outWrite
	ownGroup(p.cmd)
	err = p.cmd.Start()
	inRead.Close()
	outWrite.Close()
	if err != nil {
		return nil, errors.Join(err, inWrite.Close(), outRead.Close())
	}
	go p.follow()
	return p, nil
}

// follow collects the output until the process ends, and then its status.
func (p *process) follow() {
	read := make(chan struct{})
	go func() {
		defer close(read)
		buf := make([]byte, 32<<10)
		for {
			n, err := p.output.Read(buf)
			p.add(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	p.cmd.Wait() // its error says no more than the ProcessState
	killGroup(p.cmd)
	p.output.SetReadDeadline(time.Now().Add(outputGrace))
	<-read
	p.output.Close()

	status := p.cmd.ProcessState.ExitCode()
	if p.goRun && status != 0 {
		if status < 0 {
			p.add([]byte(p.cmd.ProcessState.String() + "\n"))
		} else {
			p.add(fmt.Appendf(nil, "exit status %d\n", status))
		}
		status = 1
	}
	p.mu.Lock()
	if len(p.partial) > 0 {
		p.unread = append(p.unread, normalize(string(p.partial)))
		p.partial = nil
	}
	p.ended, p.status = true, status
	p.announce()
	p.mu.Unlock()
	close(p.done)
}

func (p *process) add(output []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(output) == 0 || p.overflowed {
		return
	}
	if len(p.transcript)+len(output) > maxOutput {
		p.overflowed = true
		killGroup(p.cmd)
	}
	p.transcript = append(p.transcript, output...)
	p.partial = append(p.partial, output...)
	for {
		end := bytes.IndexByte(p.partial, '\n')
		if end < 0 {
			break
		}
		p.unread = append(p.unread, normalize(string(p.partial[:end])))
		p.partial = p.partial[end+1:]
	}
	p.announce()
}

// announce must be called with mu held.
func (p *process) announce() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// withLimit bounds a wait. The context's cause then tells the limit from the
// end of the caller's patience.
func withLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("the time limit of %v has passed", limit))
}

// await waits until the unread lines match e, and takes them. Otherwise the
// result says why; the error is the context's cause if more time could have helped.
func (p *process) await(ctx context.Context, e expectation, known bindings) (result, error) {
	for {
		p.mu.Lock()
		r := e.match(p.unread, known)
		if r.verdict == matches {
			p.unread = p.unread[r.consumed:]
		}
		ended, overflowed, changed := p.ended, p.overflowed, p.changed
		p.mu.Unlock()

		switch {
		case overflowed:
			r.verdict = differs
			r.reason = fmt.Sprintf("it printed more than %d bytes", maxOutput)
			return r, nil
		case r.verdict != needMore || ended:
			return r, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return r, context.Cause(ctx)
		}
	}
}

// awaitEnd waits for the process to end.
func (p *process) awaitEnd(ctx context.Context) error {
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// awaitQuiet waits until nothing has been printed for so long, or the process has ended.
func (p *process) awaitQuiet(ctx context.Context, quiet time.Duration) error {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-timer.C:
			return nil
		case <-p.done:
			return nil
		case <-changed:
			timer.Reset(quiet)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// left is the lines that no expectation has taken.
func (p *process) left() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.unread...)
}

// all is the last part of what was printed, for a message.
func (p *process) all() string {
	const shown = 4 << 10
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.transcript) > shown {
		return "[...]" + string(p.transcript[len(p.transcript)-shown:])
	}
	return string(p.transcript)
}

// hasEnded returns the exit status of a process that has ended.
func (p *process) hasEnded() (status int, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status, p.ended
}

func (p *process) typeLine(text string) error {
	// A program that does not read would block the write once the pipe is full.
	p.stdin.SetWriteDeadline(time.Now().Add(defaultLimit))
	_, err := io.WriteString(p.stdin, text+"\n")
	return err
}

func (p *process) endInput() error { return p.stdin.Close() }

func (p *process) interrupt() error {
	p.mu.Lock()
	p.interrupted = true
	p.mu.Unlock()
	return interruptGroup(p.cmd)
}

// stop kills the process with all its children and waits until it is gone.
func (p *process) stop() {
	if _, ended := p.hasEnded(); !ended { // its number may be another's by now
		killGroup(p.cmd)
	}
	<-p.done
	p.stdin.Close()
}
