package weave

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
)

// shellLanguages are the names under which a session would escape its test.
var shellLanguages = []string{"sh", "bash", "shell", "zsh", "shell-session"}

// checkGoBlocks holds every Go block to one of three promises: it is quoted, it
// is wrong on purpose, or it is a sketch.
func (c *Chapter) checkGoBlocks() []Problem {
	var problems []Problem
	for _, block := range c.Blocks() {
		if slices.Contains(shellLanguages, block.Lang) {
			problems = append(problems, c.problem(block.Line,
				"a %s block is never run: write it as a console session, commands after $ (docs/weave/README.md)", block.Lang))
		}
		if block.Lang != "go" {
			continue
		}
		d, ok := block.Directive("quote", "wrong", "sketch")
		if !ok {
			problems = append(problems, c.problem(block.Line,
				"nothing keeps this Go block true: put <!-- quote FILE SYMBOL -->, <!-- wrong: ERROR --> or <!-- sketch: REASON --> on the line before it"))
			continue
		}
		if d.Name == "quote" {
			continue
		}
		if d.Rest == "" {
			problems = append(problems, c.problem(d.Line, "%s needs a text: the error that must come, or the reason", d.Name))
		}
		if d.Name == "sketch" {
			_, err := parseGo(block.Text)
			if faults := (scanner.ErrorList)(nil); errors.As(err, &faults) {
				problems = append(problems, c.problem(block.Line+faults[0].Pos.Line-1, "this sketch is not Go: %s", faults[0].Msg))
			}
		}
	}
	return problems
}

// shape is what a piece of Go is a piece of.
type shape uint8

const (
	wholeFile    shape = iota // begins with a package clause
	declarations              // what follows a package clause
	statements                // the body of a function
)

// wrap makes a file of a piece of Go, which keeps its lines' numbers.
func (s shape) wrap(piece string) string {
	switch s {
	case declarations:
		return "package piece; " + piece
	case statements:
		return "package piece; func _() { " + piece + "\n}\n"
	default:
		return piece
	}
}

// parseGo tells the shape of a piece of Go, or why it has none.
func parseGo(piece string) (shape, error) {
	var errs []error
	for _, s := range []shape{wholeFile, declarations, statements} {
		tree, err := parser.ParseFile(token.NewFileSet(), "", s.wrap(piece), parser.SkipObjectResolution)
		if err == nil {
			return s, nil
		}
		if s == wholeFile && tree != nil && tree.Name != nil && tree.Name.Name != "" {
			return s, err // it has a package clause: it is a file, with a fault
		}
		errs = append(errs, err)
	}
	// It is none. The message should be about the one that was meant.
	if startsWithDecl(piece) {
		return declarations, errs[1]
	}
	return statements, errs[2]
}

func startsWithDecl(piece string) bool {
	tree, _ := parser.ParseFile(token.NewFileSet(), "", declarations.wrap(piece), parser.SkipObjectResolution)
	if tree == nil || len(tree.Decls) == 0 {
		return false
	}
	_, bad := tree.Decls[0].(*ast.BadDecl)
	return !bad
}
