package weave

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Slug turns a heading's visible text into its anchor by GitHub's rule: lower
// case, spaces become hyphens, and of the rest only letters, marks, digits,
// hyphens and underscores stay. goldmark's own rule drops all that is not ASCII
// and turns underscores into hyphens, so its links would break on a code host.
func Slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Pc):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}

// HeadingIDs is a goldmark AST transformer that gives every heading the id that
// GitHub would give it: its [Slug], with -1, -2 and so on for repetitions.
// Whoever renders the chapters must use it in place of WithAutoHeadingID, or
// the links that [Check] follows lead elsewhere.
type HeadingIDs struct{}

// Transform sets the headings' id attributes.
func (HeadingIDs) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	used := map[string]int{}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if heading, ok := n.(*ast.Heading); ok && entering {
			slug := Slug(nodeText(heading, reader.Source()))
			id := slug
			for {
				if _, taken := used[id]; !taken {
					break
				}
				used[slug]++
				id = fmt.Sprintf("%s-%d", slug, used[slug])
			}
			used[id] = 0
			heading.SetAttributeString("id", []byte(id))
		}
		return ast.WalkContinue, nil
	})
}

// explicitAnchor finds <a id="x"> and the like.
var explicitAnchor = regexp.MustCompile(`<[a-z0-9]+[^>]*\s(?:id|name)="([^"]+)"`)

// anchors is the set of the places in c that a link can lead to.
func (c *Chapter) anchors() map[string]bool {
	set := map[string]bool{}
	c.walk(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Heading:
			if id, ok := n.AttributeString("id"); ok {
				set[string(id.([]byte))] = true
			}
		case *ast.HTMLBlock, *ast.RawHTML:
			for _, match := range explicitAnchor.FindAllStringSubmatch(rawHTML(n, c.Source), -1) {
				set[match[1]] = true
			}
		}
	})
	return set
}

// rawHTML is the HTML that stands in the Markdown as it is.
func rawHTML(n ast.Node, source []byte) string {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		html := string(n.Lines().Value(source))
		if n.HasClosure() {
			html += string(n.ClosureLine.Value(source))
		}
		return html
	case *ast.RawHTML:
		return string(n.Segments.Value(source))
	}
	return ""
}
