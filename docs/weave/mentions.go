package weave

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var (
	pathLike = regexp.MustCompile(`^(?:\./)?[\w.-]+(?:/[\w.*-]+)+/?$`)
	stepLike = regexp.MustCompile(`^step\d\d(-|$)`)
	testLike = regexp.MustCompile(`^(?:Test|Benchmark|Fuzz)[A-Z_]\w*(?:/\S+)?$`)
)

// checkMentions checks what the prose names in `code font`: paths, go commands
// and test functions. Of the console blocks it checks the commands too: those
// that are shown and not run would rot first.
func (c *Chapter) checkMentions(repo *repository) []Problem {
	var problems []Problem
	c.walk(func(n ast.Node) {
		if n.Kind() != ast.KindCodeSpan {
			return
		}
		if message := repo.checkMention(nodeText(n, c.Source)); message != "" {
			problems = append(problems, c.problem(c.lineOf(n), "%s", message))
		}
	})
	for _, block := range c.Blocks() {
		if block.Lang != "console" {
			continue
		}
		for i, line := range splitLines(block.Text) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				if message := repo.checkCommand(command); message != "" {
					problems = append(problems, c.problem(block.Line+i, "%s: %s", command, message))
				}
			}
		}
	}
	return problems
}

// checkMention says what is wrong with a piece of code font, or nothing.
func (r *repository) checkMention(text string) string {
	switch {
	case goCommand.MatchString(text):
		if message := r.checkCommand(text); message != "" {
			return text + ": " + message
		}
	case testLike.MatchString(text):
		name, _, _ := strings.Cut(text, "/")
		if !slices.Contains(r.testsIn(".", true), name) {
			return "there is no test function " + name
		}
	case pathLike.MatchString(text):
		name := path.Clean(text)
		top, _, _ := strings.Cut(name, "/")
		// A path into another project, or a URL's path, is not ours to check.
		if !stepLike.MatchString(top) && !r.exists(top) {
			return ""
		}
		if !r.holds(name) {
			return "there is no " + text
		}
	}
	return ""
}

// holds says whether name is a file or folder, folder/..., a pattern that
// matches one, or folder.Symbol.
func (r *repository) holds(name string) bool {
	if r.exists(strings.TrimSuffix(name, "/...")) {
		return true
	}
	if matches, _ := filepath.Glob(filepath.Join(r.root, filepath.FromSlash(name))); len(matches) > 0 {
		return true
	}
	dir, last := path.Split(name)
	base, symbol, ok := strings.Cut(last, ".")
	return ok && r.declares(path.Join(dir, base), symbol)
}
