package weave

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A Chapter is one Markdown file, parsed.
type Chapter struct {
	// Path is the file's path below the repository's root, with slashes.
	Path string
	// Source is the file as it is on disk.
	Source []byte
	// Doc is the parsed document; its headings carry the ids of [HeadingIDs].
	Doc ast.Node

	lineStarts []int // offset of the first byte of each line
}

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.GFM),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(HeadingIDs{}, 100))),
)

// ReadChapter reads the Markdown file at path, which is relative to root and
// has slashes.
func ReadChapter(root, path string) (*Chapter, error) {
	source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		return nil, fmt.Errorf("weave: read chapter: %w", err)
	}
	return parseChapter(path, source), nil
}

func parseChapter(path string, source []byte) *Chapter {
	return newChapter(path, source, markdown.Parser().Parse(text.NewReader(source)))
}

func newChapter(path string, source []byte, doc ast.Node) *Chapter {
	c := &Chapter{Path: path, Source: source, Doc: doc, lineStarts: []int{0}}
	for i, b := range source {
		if b == '\n' {
			c.lineStarts = append(c.lineStarts, i+1)
		}
	}
	return c
}

// ReadChapters reads README.md and every docs/**/*.md below root, in the order
// of their paths. Folders named testdata are left out.
func ReadChapters(root string) ([]*Chapter, error) {
	var paths []string
	if _, err := os.Stat(filepath.Join(root, "README.md")); err == nil {
		paths = append(paths, "README.md")
	}
	err := fs.WalkDir(os.DirFS(root), "docs", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(path, ".md"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("weave: look for chapters: %w", err)
	}

	var chapters []*Chapter
	for _, path := range paths {
		c, err := ReadChapter(root, path)
		if err != nil {
			return nil, err
		}
		chapters = append(chapters, c)
	}
	return chapters, nil
}

// Line is the number of the line, from 1, that holds the byte at offset.
func (c *Chapter) Line(offset int) int {
	return sort.SearchInts(c.lineStarts, offset+1)
}

// A Block is a fenced code block.
type Block struct {
	// Lang is the first word of the fence's info string.
	Lang string
	// Text is the content, without the indentation of a list that it stands in.
	Text string
	// Line is the number of the content's first line.
	Line int
	// Section is the text of the heading, of level 1 or 2, that it stands under.
	Section string
	// Directives stand right before the block, the nearest one first.
	Directives []Directive

	start, stop int    // the content's offsets in the source, -1 if they can't be told
	indent      string // what stands before the fence on its line
}

// Directive returns the block's directive with one of the names.
func (b *Block) Directive(names ...string) (Directive, bool) {
	for _, d := range b.Directives {
		for _, name := range names {
			if d.Name == name {
				return d, true
			}
		}
	}
	return Directive{}, false
}

// Blocks returns the fenced code blocks in their order.
func (c *Chapter) Blocks() []Block {
	var blocks []Block
	section := ""
	c.walk(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level <= 2 {
				section = nodeText(n, c.Source)
			}
		case *ast.FencedCodeBlock:
			blocks = append(blocks, c.block(n, section))
		}
	})
	return blocks
}

func (c *Chapter) block(n *ast.FencedCodeBlock, section string) Block {
	b := Block{
		Lang:    string(n.Language(c.Source)),
		Text:    string(n.Lines().Value(c.Source)),
		Section: section,
	}
	// The content starts on the line after the info string. A block with neither
	// info nor content has left no trace of its place in the tree.
	switch {
	case n.Info != nil:
		fence := n.Info.Segment.Start
		line := c.Source[c.lineStarts[c.Line(fence)-1]:fence]
		b.indent = string(line[:bytes.IndexAny(line, "`~")])
		b.start = min(lineEnd(c.Source, fence)+1, len(c.Source))
		b.stop = b.start
	case n.Lines().Len() == 0:
		b.start, b.stop = -1, -1
	default:
		b.start = n.Lines().At(0).Start
	}
	if count := n.Lines().Len(); count > 0 {
		b.stop = n.Lines().At(count - 1).Stop
	}
	b.Line = c.Line(max(b.start, 0))
	for before := n.PreviousSibling(); before != nil; before = before.PreviousSibling() {
		d, ok := c.directive(before)
		if !ok {
			break
		}
		b.Directives = append(b.Directives, d)
	}
	return b
}

// walk calls visit for every node of the document, parents first.
func (c *Chapter) walk(visit func(ast.Node)) {
	ast.Walk(c.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil
	})
}

// lineOf is the number of the line on which n, or the first text in it, starts.
func (c *Chapter) lineOf(n ast.Node) int {
	offset := -1
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0:
			offset = n.Lines().At(0).Start
		case n.Kind() == ast.KindText:
			offset = n.(*ast.Text).Segment.Start
		}
		if offset >= 0 {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	for parent := n.Parent(); offset < 0 && parent != nil; parent = parent.Parent() {
		if parent.Type() == ast.TypeBlock && parent.Lines() != nil && parent.Lines().Len() > 0 {
			offset = parent.Lines().At(0).Start
		}
	}
	return c.Line(max(offset, 0))
}

// nodeText is what a reader sees of n, without its markup.
func nodeText(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// lineEnd is the offset of the newline that ends the line of offset, or the
// length of source.
func lineEnd(source []byte, offset int) int {
	if i := bytes.IndexByte(source[offset:], '\n'); i >= 0 {
		return offset + i
	}
	return len(source)
}
