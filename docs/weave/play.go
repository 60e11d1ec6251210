package weave

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// checkPlays checks what becomes a picture that the reader can start:
//
//	<!-- play NAME -->
//
// NAME must be one of docs/play, and what is seen until then, and where there are no
// scripts, must follow: an image or a code block.
func (c *Chapter) checkPlays(repo *repository) []Problem {
	var problems []Problem
	c.walk(func(n ast.Node) {
		d, ok := c.directive(n)
		if !ok || d.Name != "play" {
			return
		}
		if name := d.Rest; name == "" || strings.ContainsAny(name, " \t\n/.") || !repo.exists("docs/play/"+name+"/"+name+".js") {
			problems = append(problems, c.problem(d.Line, "docs/play has no moving picture %q: a folder of that name, with a script of that name", name))
		}
		if !isStill(c.afterComments(n)) {
			problems = append(problems, c.problem(d.Line, "play must stand right before the still picture: an image alone, or a code block"))
		}
	})
	return problems
}

// afterComments is the first node after n that is no directive, or nil.
func (c *Chapter) afterComments(n ast.Node) ast.Node {
	for n = n.NextSibling(); n != nil; n = n.NextSibling() {
		if _, ok := c.directive(n); !ok {
			return n
		}
	}
	return nil
}

// isStill reports whether a block can stand for a picture that doesn't move.
func isStill(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		return true
	case *ast.Paragraph:
		_, ok := n.FirstChild().(*ast.Image)
		return ok && n.ChildCount() == 1
	}
	return false
}
