package weave

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A wrongBlock is a piece of Go that must fail to build, or fail go vet, with
// one intended error.
type wrongBlock struct {
	chapter *Chapter
	line    int
	want    string   // must be part of every error
	got     []string // what the go command said
}

// compileLimit bounds one go command over all wrong blocks.
const compileLimit = 2 * time.Minute

// checkWrongBlocks compiles the blocks that are wrong on purpose:
//
//	<!-- wrong: PART OF THE ERROR
//	import "net"
//	-->
//
// The lines after the first one are compiled before the block's own, unseen.
// A block that compiles, or fails with another error than the intended one,
// teaches something false.
func checkWrongBlocks(root string, chapters []*Chapter) ([]Problem, error) {
	dir, err := os.MkdirTemp("", "weave-wrong-")
	if err != nil {
		return nil, fmt.Errorf("weave: %w", err)
	}
	defer os.RemoveAll(dir)

	blocks := map[string]*wrongBlock{} // by the folder below dir
	var names []string
	for _, c := range chapters {
		for _, block := range c.Blocks() {
			d, ok := block.Directive("wrong")
			if !ok || block.Lang != "go" || d.Rest == "" {
				continue
			}
			want, prelude, _ := strings.Cut(d.Rest, "\n")
			name := "wrong" + strconv.Itoa(len(names))
			if err := writePiece(filepath.Join(dir, name), prelude, block.Text); err != nil {
				return nil, fmt.Errorf("weave: %w", err)
			}
			blocks[name] = &wrongBlock{chapter: c, line: block.Line, want: strings.TrimSpace(want)}
			names = append(names, "./"+name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	if err := writeModule(root, dir); err != nil {
		return nil, fmt.Errorf("weave: %w", err)
	}

	// -gcflags=-e: all errors, not the first ten.
	if err := runGo(dir, blocks, append([]string{"build", "-gcflags=-e"}, names...)); err != nil {
		return nil, err
	}
	var vetted []string
	for _, name := range names {
		if len(blocks[strings.TrimPrefix(name, "./")].got) == 0 {
			vetted = append(vetted, name)
		}
	}
	if len(vetted) > 0 {
		if err := runGo(dir, blocks, append([]string{"vet"}, vetted...)); err != nil {
			return nil, err
		}
	}

	var problems []Problem
	for _, name := range names {
		problems = append(problems, blocks[strings.TrimPrefix(name, "./")].problems()...)
	}
	return problems, nil
}

func (w *wrongBlock) problems() []Problem {
	if len(w.got) == 0 {
		return []Problem{w.chapter.problem(w.line, "this block is marked as wrong, but it compiles and go vet finds nothing; it should say %q", w.want)}
	}
	var problems []Problem
	for _, got := range w.got {
		if !strings.Contains(got, w.want) {
			problems = append(problems, w.chapter.problem(w.line, "this block is wrong in another way than it says: %q, expected %q", got, w.want))
		}
	}
	return problems
}

// writePiece makes a package of a piece of Go.
func writePiece(dir, prelude, piece string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	kind, _ := parseGo(piece) // a fault in its grammar may be the intended error
	text := kind.wrap(piece)
	if prelude != "" {
		// Imports and declarations go between the package clause and the piece.
		clause := declarations.wrap("")
		text = clause + prelude + "\n" + strings.TrimPrefix(text, clause)
	}
	return os.WriteFile(filepath.Join(dir, "piece.go"), []byte(text), 0o644)
}

// writeModule makes dir a module that sees the repository's packages, also the
// internal ones, and the modules that it needs, at the same versions.
func writeModule(root, dir string) error {
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	match := regexp.MustCompile(`(?m)^module\s+(\S+)$`).FindSubmatch(gomod)
	if match == nil {
		return errors.New("go.mod has no module line")
	}
	path := string(match[1])
	text := strings.Replace(string(gomod), string(match[0]), "module "+path+"/weave-wrong", 1)
	text += fmt.Sprintf("\nrequire %s v0.0.0\n\nreplace %s => %s\n", path, path, strconv.Quote(root))
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o644); err != nil {
		return err
	}
	gosum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), gosum, 0o644)
}

// goError is one complaint of the compiler or of vet: file, line, column, message.
var goError = regexp.MustCompile(`(?m)^(?:vet: )?(?:\.[/\\])?(wrong\d+)[/\\]piece\.go:\d+:\d+: (.*)$`)

// runGo runs the go command in dir and hands each complaint to its block.
func runGo(dir string, blocks map[string]*wrongBlock, args []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), compileLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off")
	output, err := cmd.CombinedOutput()
	matches := goError.FindAllSubmatch(bytes.ReplaceAll(output, []byte("\r\n"), []byte("\n")), -1)
	if err != nil && len(matches) == 0 {
		return fmt.Errorf("weave: go %s: %w\n%s", strings.Join(args, " "), err, output)
	}
	for _, match := range matches {
		if block := blocks[string(match[1])]; block != nil {
			block.got = append(block.got, string(match[2]))
		}
	}
	return nil
}
