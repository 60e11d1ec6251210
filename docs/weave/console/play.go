package console

import (
	"context"
	"fmt"
	"strings"

	"example.com/async/docs/weave"
)

// play is one run of one session.
type play struct {
	runner    *Runner
	session   Session
	terminals map[string]*terminal
	order     []*terminal // as they were opened
	ports     bindings
}

// terminal is where commands run one after the other.
type terminal struct {
	name    string
	command step     // the last one that was started
	block   block    // whose block it is, or goes on in
	process *process // nil if none has been started, or it has been finished
	skips   bool     // the last thing shown is "...": what is unread may stay so
}

// block plays one block.
func (p *play) block(ctx context.Context, b block) error {
	t := p.terminals[b.terminal]
	if t == nil {
		t = &terminal{name: b.terminal}
		p.terminals[b.terminal] = t
		p.order = append(p.order, t)
	}
	mustEnd := b.terminal == "" || b.ends
	for _, s := range b.steps {
		if err := p.step(ctx, t, b, s); err != nil {
			return err
		}
		mustEnd = mustEnd || s.kind == interrupt
	}
	if t.process != nil {
		t.block = b
	}
	if mustEnd {
		if err := p.finish(ctx, t); err != nil {
			return err
		}
	}
	if b.quiet > 0 {
		return p.quiet(ctx, b)
	}
	return nil
}

func (p *play) step(ctx context.Context, t *terminal, b block, s step) error {
	if s.kind == run {
		if err := p.finish(ctx, t); err != nil {
			return err
		}
		env, err := p.runner.withBreaks(b.breaks)
		if err != nil {
			return p.problem(b.line, "the change before this block can't be made: %v", err)
		}
		process, err := p.runner.start(ctx, s.text, env, &p.ports)
		if err != nil {
			return p.problem(s.line, "%s: %v", s.text, err)
		}
		t.command, t.process, t.skips = s, process, false
		t.block = b
		t.block.exit, t.block.ends = 0, false // exit= is about the block's last command
		return nil
	}

	if t.process == nil {
		return p.problem(s.line, "in terminal %q no command runs that this could belong to", t.name)
	}
	switch s.kind {
	case typeLine:
		if err := t.process.typeLine(s.text); err != nil {
			return p.failure(t, s.line, fmt.Sprintf("can't type %q: the command reads no more: %v", s.text, err))
		}
	case endInput:
		if err := t.process.endInput(); err != nil {
			return p.failure(t, s.line, "its input has ended already")
		}
	case interrupt:
		if err := t.process.interrupt(); err != nil {
			return p.failure(t, s.line, "^C: the command has ended already")
		}
	case expect:
		return p.expect(ctx, t, b, s)
	}
	return nil
}

// expect waits for the lines that the chapter shows.
func (p *play) expect(ctx context.Context, t *terminal, b block, s step) error {
	ctx, cancel := withLimit(ctx, b.limit)
	defer cancel()
	e := newExpectation(s, b, t.skips)
	r, err := t.process.await(ctx, e, p.ports)
	switch {
	case err != nil:
		return p.failure(t, r.line, fmt.Sprintf("%v, and this has not come\n  %s", err, r.reason))
	case r.verdict != matches:
		return p.failure(t, r.line, "the output differs\n  "+r.reason)
	}
	p.ports = r.ports
	t.skips = e.endsInSkip()
	return nil
}

// finish waits for a terminal's command to end, as the chapter says it does.
func (p *play) finish(ctx context.Context, t *terminal) error {
	if t.process == nil {
		return nil
	}
	ctx, cancel := withLimit(ctx, t.block.limit)
	defer cancel()
	if err := t.process.awaitEnd(ctx); err != nil {
		message := fmt.Sprintf("%v, and the command still runs", err)
		if t.name == "" {
			message += "; if it should go on running, name its terminal: <!-- console NAME -->"
		} else {
			message += "; if it should be stopped here, show ^C"
		}
		return p.failure(t, t.command.line, message)
	}
	err := p.checkEnded(t)
	t.process.stop()
	t.process = nil
	return err
}

// checkEnded compares the end of a command that has ended.
func (p *play) checkEnded(t *terminal) error {
	if err := p.checkUnread(t); err != nil {
		return err
	}
	status, _ := t.process.hasEnded()
	if status == t.block.exit {
		return nil
	}
	// A program that doesn't catch ^C is ended by it: as good an end as any.
	if t.process.interrupted && !t.block.ends && (status < 0 || status == 130) {
		return nil
	}
	return p.failure(t, t.command.line, fmt.Sprintf("exit status %d, expected %d (exit=%d in the console directive would say that it is meant)", status, t.block.exit, status))
}

// checkUnread finds output that the chapter doesn't show.
func (p *play) checkUnread(t *terminal) error {
	left := t.process.left()
	if len(left) == 0 || t.skips {
		return nil
	}
	for i, line := range left {
		left[i] = p.ports.asShown(line)
	}
	return p.failure(t, t.command.line, "it printed more than the chapter shows (... on a line of its own skips lines)\n  "+strings.Join(left, "\n  "))
}

// quiet sees to it that nothing happens for some time.
func (p *play) quiet(ctx context.Context, b block) error {
	ctx, cancel := withLimit(ctx, b.limit)
	defer cancel()
	for _, t := range p.order {
		if t.process == nil {
			continue
		}
		if err := t.process.awaitQuiet(ctx, b.quiet); err != nil {
			return p.failure(t, b.line, fmt.Sprintf("%v, and it was never quiet for %v", err, b.quiet))
		}
	}
	for _, t := range p.order {
		if t.process != nil {
			if err := p.checkUnread(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// end compares what is left when the section ends.
func (p *play) end(ctx context.Context) error {
	ctx, cancel := withLimit(ctx, defaultLimit)
	defer cancel()
	for _, t := range p.order {
		if t.process == nil {
			continue
		}
		if err := t.process.awaitQuiet(ctx, settle); err != nil && !t.skips {
			return p.failure(t, t.command.line, "it does not stop printing")
		}
		if _, ended := t.process.hasEnded(); ended {
			if err := p.checkEnded(t); err != nil {
				return err
			}
		} else if err := p.checkUnread(t); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) stop() {
	for _, t := range p.order {
		if t.process != nil {
			t.process.stop()
		}
	}
}

// failure is a problem with a command, with all that would help to see why.
func (p *play) failure(t *terminal, line int, message string) error {
	name := ""
	if t.name != "" {
		name = fmt.Sprintf(" (terminal %s)", t.name)
	}
	return p.problem(line, "$ %s%s: %s\n  all it printed:\n%s", t.command.text, name, message,
		indent(p.ports.asShown(t.process.all())))
}

func (p *play) problem(line int, format string, args ...any) error {
	return weave.Problem{File: p.session.File, Line: line, Message: fmt.Sprintf(format, args...)}
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + line)
	}
	return strings.TrimRight(b.String(), "\n")
}
