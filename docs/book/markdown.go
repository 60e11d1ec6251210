package book

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"example.com/async/docs/weave"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// renderChapter parses a chapter, changes its tree into what the book needs, and
// renders the tree.
func (b *builder) renderChapter(c *chapter) error {
	figures := make(map[ast.Node]figure)
	markdown := goldmark.New(
		goldmark.WithExtensions(
			extension.Linkify, extension.Strikethrough, extension.TaskList,
			// The default aligns by style="…", which the page's policy forbids.
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(weave.HeadingIDs{}, 100))),
		goldmark.WithRendererOptions(
			goldmarkhtml.WithUnsafe(), // the chapters are ours, and need <details>
			renderer.WithNodeRenderers(util.Prioritized(nodeRenderer{figures}, 100)),
		),
	)
	tree := markdown.Parser().Parse(text.NewReader(c.source))
	c.readHeadings(tree)
	c.takeSlides(tree)
	b.framePlays(c, tree)
	b.takeComments(c, tree, figures)
	b.resolveLinks(c, tree)

	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, c.source, tree); err != nil {
		return fmt.Errorf("book: %s.md: %w", c.name, err)
	}
	c.body = out.String()
	return b.renderSlides(c, markdown, figures)
}

// readHeadings notes the chapter's title and sections. Package weave has given
// the headings their ids.
func (c *chapter) readHeadings(tree ast.Node) {
	for _, heading := range find[*ast.Heading](tree) {
		title := plainText(heading, c.source)
		switch {
		case heading.Level == 1 && c.Title == "":
			c.Title = title
		case heading.Level == 2:
			c.Sections = append(c.Sections, section{Title: title, ID: headingID(heading)})
		}
	}
	if c.Title == "" {
		c.Title = c.name
	}
}

func headingID(heading ast.Node) string {
	value, _ := heading.AttributeString("id")
	id, _ := value.([]byte)
	return string(id)
}

// takeComments removes the comments that stand between the blocks, once those right above
// a code block have become its caption.
func (b *builder) takeComments(c *chapter, tree ast.Node, figures map[ast.Node]figure) {
	for _, fence := range find[*ast.FencedCodeBlock](tree) {
		for above := fence.PreviousSibling(); isComment(above); above = above.PreviousSibling() {
			if f := b.readComment(c, blockText(above, c.source)); f.caption != "" {
				figures[fence] = f
				break
			}
		}
	}
	for _, block := range find[*ast.HTMLBlock](tree) {
		if isComment(block) {
			block.Parent().RemoveChild(block.Parent(), block)
		}
	}
}

func isComment(node ast.Node) bool {
	block, ok := node.(*ast.HTMLBlock)
	return ok && block.HTMLBlockType == ast.HTMLBlockType2
}

// find returns all nodes of type N below root, in the order of the text.
// A list, because who walks a tree must not change it meanwhile.
func find[N ast.Node](root ast.Node) []N {
	var found []N
	// The function never fails, so neither does Walk.
	_ = ast.Walk(root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if n, ok := node.(N); ok && entering {
			found = append(found, n)
		}
		return ast.WalkContinue, nil
	})
	return found
}

// plainText is the text of an inline node without its markup.
func plainText(node ast.Node, source []byte) string {
	var out strings.Builder
	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Text:
			out.Write(util.UnescapePunctuations(n.Value(source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				out.WriteByte(' ')
			}
		case *ast.String:
			out.Write(n.Value)
		case *ast.AutoLink:
			out.Write(n.Label(source))
		}
		return ast.WalkContinue, nil
	})
	return html.UnescapeString(out.String())
}

// blockText is the text of a block as it stands in the Markdown file.
func blockText(block ast.Node, source []byte) string {
	out := block.Lines().Value(source)
	if b, ok := block.(*ast.HTMLBlock); ok && b.HasClosure() {
		out = append(out, b.ClosureLine.Value(source)...)
	}
	return string(out)
}

// A nodeRenderer renders what the book shows in another way than goldmark.
type nodeRenderer struct {
	figures map[ast.Node]figure
}

func (r nodeRenderer) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindHeading, renderHeading)
	register.Register(kindPlay, renderPlay)
	register.Register(extensionast.KindTable, renderTable)
	register.Register(ast.KindFencedCodeBlock, r.renderFence)
	register.Register(ast.KindCodeBlock, r.renderFence)
}

// renderHeading adds the link that appears beside a heading. Its sign comes from the
// style sheet, so that it is not part of the heading's text.
func renderHeading(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	heading := node.(*ast.Heading)
	id := html.EscapeString(headingID(heading))
	if entering {
		fmt.Fprintf(w, `<h%d id="%s" tabindex="-1">`, heading.Level, id)
	} else {
		title := html.EscapeString(plainText(heading, source))
		fmt.Fprintf(w, ` <a class="anchor" href="#%s" aria-label="Link to: %s"></a></h%d>`+"\n", id, title, heading.Level)
	}
	return ast.WalkContinue, nil
}

// renderTable puts a table into a box that scrolls: a wide one must not make
// the whole page scroll sideways on a phone.
func renderTable(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString("<div class=\"table\"><table>\n")
	} else {
		w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func (r nodeRenderer) renderFence(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	language := ""
	if fence, ok := node.(*ast.FencedCodeBlock); ok {
		language = string(fence.Language(source))
	}
	return ast.WalkSkipChildren, r.figures[node].render(w, language, blockText(node, source))
}
