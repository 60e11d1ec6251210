package console

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	buildLimit = 5 * time.Minute // with -race, on a busy machine
	usageLimit = 10 * time.Second
)

// program is a package that go run names, built.
type program struct {
	path  string
	flags []addrFlag
	err   error
}

// addrFlag is a flag whose default is an address on this machine.
type addrFlag struct{ name, address string }

// goRun finds "go run", the flags of the build, and the package.
var goRun = regexp.MustCompile(`\bgo run((?: +-[\w=,]+)*) +(\.(?:/[\w./-]*)?)`)

// buildPrograms replaces each "go run ./x" in a command by the built program. A
// program that would listen on, or dial, the port that it has by default gets
// the flag that names the free port of this session instead: chapters show
// commands as readers type them.
func (r *Runner) buildPrograms(ctx context.Context, command string, env []string, ports *bindings) (string, error) {
	var out strings.Builder
	end := 0
	for _, at := range goRun.FindAllStringSubmatchIndex(command, -1) {
		buildFlags, pkg := command[at[2]:at[3]], command[at[4]:at[5]]
		p := r.program(ctx, env, strings.Fields(buildFlags), pkg)
		if p.err != nil {
			return "", p.err
		}
		out.WriteString(command[end:at[0]])
		out.WriteString(shellQuote(p.path))
		args := command[at[1]:]
		for _, flag := range p.flags {
			if !flag.belongsIn(args) {
				continue
			}
			address, err := ports.command(flag.address)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&out, " -%s %s", flag.name, shellQuote(address))
		}
		end = at[1]
	}
	out.WriteString(command[end:])
	return out.String(), nil
}

var operator = regexp.MustCompile(`[|;&<>\n]`)

// belongsIn says whether the arguments of a program lack the flag and could
// hold it: after a bare word, a subcommand or an operand, no flag may come.
func (f addrFlag) belongsIn(args string) bool {
	if at := operator.FindStringIndex(args); at != nil {
		args = args[:at[0]]
	}
	words := strings.Fields(args)
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		return false
	}
	for _, word := range words {
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if strings.HasPrefix(word, "-") && (name == f.name || name == "h" || name == "help") {
			return false
		}
	}
	return true
}

// program builds a package, or returns what it built before. env begins with r.env.
func (r *Runner) program(ctx context.Context, env, buildFlags []string, pkg string) *program {
	key := strings.Join(slices.Concat(env[len(r.env):], buildFlags, []string{pkg}), " ")
	if p, ok := r.programs[key]; ok {
		return p
	}
	p := &program{path: filepath.Join(r.dir, "programs", strconv.Itoa(len(r.programs)), programName(pkg))}
	ctx, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	args := append(append([]string{"build"}, buildFlags...), "-o", p.path, pkg)
	build := exec.CommandContext(ctx, "go", args...)
	build.Dir, build.Env = r.root, env
	if output, err := build.CombinedOutput(); err != nil {
		p.err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, output)
	} else {
		p.flags, p.err = r.addrFlags(ctx, p.path)
	}
	r.programs[key] = p
	return p
}

// programName is the name under which a program speaks of itself.
func programName(pkg string) string {
	if name := filepath.Base(filepath.FromSlash(pkg)); name != "." {
		return name
	}
	return "main"
}

// addrFlags learns a program's addresses from what package flag prints on -h.
// So there is no table of them to forget.
func (r *Runner) addrFlags(ctx context.Context, path string) ([]addrFlag, error) {
	ctx, cancel := context.WithTimeout(ctx, usageLimit)
	defer cancel()
	usage := exec.CommandContext(ctx, path, "-h")
	usage.Dir, usage.Env = r.root, r.env
	usage.WaitDelay = time.Second
	output, err := usage.CombinedOutput()
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s -h did not end within %v", filepath.Base(path), usageLimit)
	} else if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return parseUsage(string(output)), nil
}

var (
	usageFlag    = regexp.MustCompile(`^\s+--?(\w[\w-]*)`)
	usageDefault = regexp.MustCompile(`\(default "?((?:https?://)?(?:127\.0\.0\.1|localhost|\[::1?\])?:\d{4,5}[^")\s]*)"?\)`)
)

func parseUsage(text string) []addrFlag {
	var flags []addrFlag
	name := ""
	for line := range strings.Lines(text) {
		if match := usageFlag.FindStringSubmatch(line); match != nil {
			name = match[1]
		}
		if match := usageDefault.FindStringSubmatch(line); match != nil && name != "" {
			flags = append(flags, addrFlag{name, match[1]})
		}
	}
	return flags
}

// A Tool is a program of this repository that stands in, in every session, for
// a command that machines lack or have in several dialects.
type Tool struct {
	// Package is the folder of its main package, as go build wants it: ./docs.
	Package string
	// Args come before those of the command.
	Args []string
}

// installTools builds the stand-ins that a session needs and puts them first in PATH.
func (r *Runner) installTools(ctx context.Context, s Session) error {
	for name, tool := range r.tools {
		if r.installed[name] || !s.runs(name) {
			continue
		}
		p := r.program(ctx, r.env, nil, tool.Package)
		if p.err != nil {
			return fmt.Errorf("console: the stand-in for %s: %w", name, p.err)
		}
		script := "#!/bin/sh\nexec " + shellQuote(p.path)
		for _, arg := range tool.Args {
			script += " " + shellQuote(arg)
		}
		script += " \"$@\"\n"
		if err := os.WriteFile(filepath.Join(r.dir, "bin", name), []byte(script), 0o755); err != nil {
			return err
		}
		r.installed[name] = true
	}
	return nil
}

// runs says whether a command of the session has the word name.
func (s Session) runs(name string) bool {
	word := regexp.MustCompile(`(?:^|[\s|;&(])` + regexp.QuoteMeta(name) + `(?:\s|$)`)
	for _, b := range s.blocks {
		for _, step := range b.steps {
			if step.kind == run && word.MatchString(step.text) {
				return true
			}
		}
	}
	return false
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
