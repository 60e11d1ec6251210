package console

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.com/async/docs/weave"
)

// A Session is the console blocks of one section of a chapter: they share
// terminals and ports, and end together.
type Session struct {
	// File is the chapter's path below the repository's root.
	File string
	// Title is the text of the section's heading.
	Title string
	// Line is the number of the first block's first line.
	Line int

	blocks []block
}

// block is one console block.
type block struct {
	terminal string // "" for a terminal of its own, in which every command ends
	line     int
	steps    []step
	breaks   []weave.Break // made while the block is played

	vary   []*regexp.Regexp
	order  order
	lane   *regexp.Regexp // with order byLane
	exit   int
	ends   bool          // exit was given: the block's last command must end in it
	limit  time.Duration // for each wait
	quiet  time.Duration // nothing may be printed for so long after the block
	noType bool          // lines that begin with "> " are output
}

// order says which orders of the output lines are right.
type order uint8

const (
	inOrder  order = iota // as shown
	anyOrder              // any
	byLane                // any, except that lines of the same lane keep theirs
)

// step is one thing that happens in a terminal.
type step struct {
	kind  stepKind
	line  int
	text  string   // of a command or of typed input
	lines []string // of expected output
}

type stepKind uint8

const (
	run       stepKind = iota // "$ command"
	typeLine                  // "> text"
	interrupt                 // "^C"
	endInput                  // "^D"
	expect                    // anything else
)

// defaultLimit is how long a command may take to print what the chapter shows,
// and then to end. It is long because go test compiles first, on a machine that
// may be busy.
const defaultLimit = time.Minute

// skipLine stands for any number of lines that the chapter doesn't show.
const skipLine = "..."

// Parse returns the sessions of a chapter, and what is wrong with their form.
func Parse(c *weave.Chapter) ([]Session, []weave.Problem) {
	var sessions []Session
	var problems []weave.Problem
	var breaks []weave.Break
	section, played := "", false
	for _, source := range c.Blocks() {
		if source.Section != section {
			section, breaks = source.Section, nil
		}
		if change, ok := source.Break(); ok {
			// What has been played is taken back before the next change.
			if played {
				breaks = nil
			}
			played = false
			breaks = append(breaks, change)
			continue
		}
		if source.Lang != "console" {
			continue
		}
		d, _ := source.Directive("console")
		if reason, ok := strings.CutPrefix(d.Rest, "not-run"); ok {
			if strings.Trim(reason, ": ") == "" {
				problems = append(problems, weave.Problem{File: c.Path, Line: d.Line, Message: "not-run needs a reason"})
			}
			continue
		}
		b, err := parseBlock(source, d)
		if err != nil {
			problems = append(problems, weave.Problem{File: c.Path, Line: source.Line, Message: err.Error()})
			continue
		}
		b.breaks, played = breaks, true
		if last := len(sessions) - 1; last < 0 || sessions[last].Title != source.Section {
			sessions = append(sessions, Session{File: c.Path, Title: source.Section, Line: source.Line})
		}
		s := &sessions[len(sessions)-1]
		s.blocks = append(s.blocks, b)
	}
	return sessions, problems
}

func parseBlock(source weave.Block, d weave.Directive) (block, error) {
	b := block{line: source.Line, limit: defaultLimit}
	if err := b.parseAttributes(d); err != nil {
		return b, fmt.Errorf("console directive: %w", err)
	}
	lines := strings.Split(strings.TrimSuffix(source.Text, "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		s := step{line: source.Line + i}
		command, isCommand := strings.CutPrefix(lines[i], "$ ")
		typed, isTyped := strings.CutPrefix(lines[i], "> ")
		switch {
		case isCommand:
			for strings.HasSuffix(command, `\`) && i+1 < len(lines) {
				i++
				command = strings.TrimSuffix(command, `\`) + strings.TrimSpace(lines[i])
			}
			s.kind, s.text = run, command
		case (isTyped || lines[i] == ">") && !b.noType:
			s.kind, s.text = typeLine, typed
		case lines[i] == "^C":
			s.kind = interrupt
		case lines[i] == "^D":
			s.kind = endInput
		default:
			if last := len(b.steps) - 1; last >= 0 && b.steps[last].kind == expect {
				b.steps[last].lines = append(b.steps[last].lines, lines[i])
				continue
			}
			s.kind, s.lines = expect, []string{lines[i]}
		}
		b.steps = append(b.steps, s)
	}
	if b.terminal == "" && b.steps[0].kind != run {
		return b, fmt.Errorf("a block that doesn't begin with a command ($ ...) must name the terminal that it goes on in: <!-- console NAME -->")
	}
	return b, nil
}

// parseAttributes reads <!-- console [TERMINAL] [ATTRIBUTE...] -->.
func (b *block) parseAttributes(d weave.Directive) error {
	fields, err := d.Fields()
	if err != nil {
		return err
	}
	for _, field := range fields {
		key, value, hasValue := strings.Cut(field, "=")
		var err error
		switch {
		case key == "vary" && hasValue:
			var re *regexp.Regexp
			re, err = regexp.Compile(value)
			b.vary = append(b.vary, re)
		case key == "exit" && hasValue:
			b.exit, err = strconv.Atoi(value)
			b.ends = true
		case key == "limit" && hasValue:
			b.limit, err = time.ParseDuration(value)
		case key == "quiet" && hasValue:
			b.quiet, err = time.ParseDuration(value)
		case key == "lanes" && hasValue:
			b.order = byLane
			b.lane, err = regexp.Compile(value)
		case field == "lanes":
			b.order, b.lane = byLane, regexp.MustCompile(`^\S+`)
		case field == "unordered":
			b.order = anyOrder
		case field == "noinput":
			b.noType = true
		case hasValue:
			err = fmt.Errorf("there is no attribute %s", key)
		case b.terminal != "":
			err = fmt.Errorf("two terminals, %s and %s", b.terminal, field)
		default:
			b.terminal = field
		}
		if err != nil {
			return err
		}
	}
	return nil
}
