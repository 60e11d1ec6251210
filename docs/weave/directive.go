package weave

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A Directive is an HTML comment on lines of its own: <!-- name rest -->, or
// <!-- name: rest -->. Comments that other tools read are directives with a
// name that nobody here looks for.
type Directive struct {
	// Name is the first word, without a colon.
	Name string
	// Rest is all that follows, trimmed. It may have several lines.
	Rest string
	// Line is the number of the comment's first line.
	Line int

	start, stop int // the comment's offsets in the source, without its last newline
}

// Fields splits Rest into words. A word may hold "quoted text", in which a
// backslash is only a backslash: the text is often a regular expression.
func (d Directive) Fields() ([]string, error) {
	return Fields(d.Rest)
}

// Fields splits s at white space, as a shell would, except that nothing is
// escaped: 'a b' and "a b" are one word each and lose their quotes.
func Fields(s string) ([]string, error) {
	var fields []string
	var word strings.Builder
	inWord := false
	quote := rune(0)
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, inWord = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if inWord {
				fields = append(fields, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a %c is never closed", quote)
	}
	if inWord {
		fields = append(fields, word.String())
	}
	return fields, nil
}

// directive reads n as a directive, if it is one.
func (c *Chapter) directive(n ast.Node) (Directive, bool) {
	block, ok := n.(*ast.HTMLBlock)
	if !ok || block.HTMLBlockType != ast.HTMLBlockType2 || block.Lines().Len() == 0 {
		return Directive{}, false
	}
	d := Directive{
		start: block.Lines().At(0).Start,
		stop:  block.Lines().At(block.Lines().Len() - 1).Stop,
	}
	if block.HasClosure() {
		d.stop = max(d.stop, block.ClosureLine.Stop)
	}
	raw := strings.TrimRight(string(c.Source[d.start:d.stop]), "\n")
	d.stop = d.start + len(raw)
	d.Line = c.Line(d.start)

	inner, ok := strings.CutSuffix(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(raw), "<!--")), "-->")
	if !ok {
		return Directive{}, false
	}
	inner = strings.TrimSpace(inner)
	end := strings.IndexAny(inner, ": \t\n")
	if end < 0 {
		end = len(inner)
	}
	d.Name = inner[:end]
	d.Rest = strings.TrimSpace(strings.TrimPrefix(inner[end:], ":"))
	return d, true
}

// directives returns those of the whole chapter, in their order.
func (c *Chapter) directives() []Directive {
	var all []Directive
	c.walk(func(n ast.Node) {
		if d, ok := c.directive(n); ok {
			all = append(all, d)
		}
	})
	return all
}
