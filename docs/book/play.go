package book

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// A play is a moving picture, as the head of a page needs to know it; see docs/play.
type play struct {
	Name   string
	Styled bool // has a style sheet of its own
}

// A playFigure stands in a chapter's tree around the still picture that its script will
// replace when the reader starts it.
type playFigure struct {
	ast.BaseBlock
	name string
}

var kindPlay = ast.NewNodeKind("Play")

func (*playFigure) Kind() ast.NodeKind { return kindPlay }

func (f *playFigure) Dump(source []byte, level int) {
	ast.DumpHelper(f, source, level, map[string]string{"name": f.name}, nil)
}

// framePlays puts a figure around the block below a comment
//
//	<!-- play NAME -->
//
// with the other comments in between, which are captions. A name without a script is a problem,
// and leaves the still picture as it is.
func (b *builder) framePlays(c *chapter, tree ast.Node) {
	for _, comment := range find[*ast.HTMLBlock](tree) {
		if !isComment(comment) {
			continue
		}
		words := strings.Fields(strings.Trim(strings.TrimSpace(blockText(comment, c.source)), "<!->"))
		if len(words) == 0 || words[0] != "play" {
			continue
		}
		name := strings.Join(words[1:], " ")
		if _, ok := b.plays[name+".js"]; !ok {
			b.problem(c.name+".md", "there is no moving picture %q", name)
			continue
		}
		frame := &playFigure{name: name}
		comment.Parent().InsertAfter(comment.Parent(), comment, frame)
		for more := true; more && frame.NextSibling() != nil; {
			more = isComment(frame.NextSibling())
			frame.AppendChild(frame, frame.NextSibling())
		}
		_, styled := b.plays[name+".css"]
		if p := (play{name, styled}); !slices.Contains(c.Plays, p) {
			c.Plays = append(c.Plays, p)
		}
	}
}

func renderPlay(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		fmt.Fprintf(w, "<figure class=\"play\" data-play=\"%s\">\n", html.EscapeString(node.(*playFigure).name))
	} else {
		w.WriteString("</figure>\n")
	}
	return ast.WalkContinue, nil
}
