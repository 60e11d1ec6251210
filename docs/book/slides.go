package book

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"example.com/async/docs/weave"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// A slide is a marked part of a chapter, as the template slides.html shows it. Package
// weave says which parts those are.
type slide struct {
	Title   template.HTML
	Minutes int
	Section string // the id of the heading above, in the chapter's page
	From    string // the ids of all sections that are presented from this slide on
	Content template.HTML
	Notes   template.HTML // for the presenter

	source weave.Slide
}

// SlidesHref is the page with the chapter's slides, from the site's root; "" if it has none.
func (c *chapter) SlidesHref() string {
	if len(c.Slides) == 0 {
		return ""
	}
	return c.name + ".slides.html"
}

// SlideMinutes is how long the slides take.
func (c *chapter) SlideMinutes() (sum int) {
	for _, s := range c.Slides {
		sum += s.Minutes
	}
	return sum
}

// takeSlides notes the chapter's slides while the tree still has its comments. What is wrong
// with the marks is told by package weave, which knows the lines.
func (c *chapter) takeSlides(tree ast.Node) {
	if c.root() != "" {
		return // a page of the guide
	}
	found, _ := weave.Slides(tree, c.source)
	untaken := c.Sections
	for _, s := range found {
		own := slices.IndexFunc(untaken, func(other section) bool { return other.ID == s.Section })
		var from []string
		for _, section := range untaken[:own+1] { // also those before it that have no slide
			from = append(from, section.ID)
		}
		untaken = untaken[own+1:]
		c.Slides = append(c.Slides, &slide{Minutes: s.Minutes, Section: s.Section, From: strings.Join(from, " "), source: s})
	}
}

// renderSlides renders the slides when the tree is as the book needs it.
func (b *builder) renderSlides(c *chapter, markdown goldmark.Markdown, figures map[ast.Node]figure) error {
	for _, s := range c.Slides {
		out := &slideWriter{markdown: markdown, source: c.source, figures: figures}
		for _, block := range s.source.Blocks {
			for _, link := range find[*ast.Link](block.Node) {
				if bytes.HasPrefix(link.Destination, []byte("#")) { // the chapter's page is rendered already
					link.Destination = append([]byte(c.Href()), link.Destination...)
				}
			}
			out.block(block)
		}
		s.Content = template.HTML(out.String())

		title, err := b.renderAside(c, markdown, s.source.Title)
		if err != nil {
			return err
		}
		s.Title = template.HTML(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(title), "<p>"), "</p>"))
		for _, note := range s.source.Notes {
			text, err := b.renderAside(c, markdown, note.Rest)
			if err != nil {
				return err
			}
			s.Notes += template.HTML(text)
		}
		if out.err != nil {
			return fmt.Errorf("book: %s.md: slide %q: %w", c.name, s.source.Title, out.err)
		}
	}
	return nil
}

// renderAside renders Markdown that stands in a comment of the chapter.
func (b *builder) renderAside(c *chapter, markdown goldmark.Markdown, source string) (string, error) {
	aside := &chapter{name: c.name, source: []byte(source)}
	tree := markdown.Parser().Parse(text.NewReader(aside.source))
	b.resolveLinks(aside, tree)
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, aside.source, tree); err != nil {
		return "", fmt.Errorf("book: %s.md: %w", c.name, err)
	}
	return out.String(), nil
}

// A slideWriter writes the blocks of one slide.
type slideWriter struct {
	strings.Builder
	markdown goldmark.Markdown
	source   []byte
	figures  map[ast.Node]figure
	err      error // the first one
}

func (w *slideWriter) block(block weave.SlideBlock) {
	node := block.Node
	switch n := node.(type) {
	case *ast.FencedCodeBlock:
		language := string(n.Language(w.source))
		w.keep(w.figures[n].render(w, language, weave.SlideCode(language, blockText(n, w.source))))
	case *ast.Paragraph:
		if lead := weave.Lead(n); lead != nil && !block.Folded {
			w.WriteString("<p>")
			w.node(lead)
			w.WriteString("</p>\n")
		} else {
			w.node(n)
		}
	case *ast.List:
		if block.Folded {
			w.node(n)
		} else {
			w.list(n)
		}
	default:
		w.node(n)
	}
}

// list writes a list; of an item that begins in bold, the bold words.
func (w *slideWriter) list(list *ast.List) {
	tag := "ul"
	if list.IsOrdered() {
		tag = "ol"
	}
	w.WriteString("<" + tag + ">\n")
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		w.WriteString("<li>")
		if first := item.FirstChild(); first != nil && weave.Lead(first) != nil {
			w.node(weave.Lead(first))
		} else {
			for child := first; child != nil; child = child.NextSibling() {
				w.node(child)
			}
		}
		w.WriteString("</li>\n")
	}
	w.WriteString("</" + tag + ">\n")
}

func (w *slideWriter) node(n ast.Node) { w.keep(w.markdown.Renderer().Render(w, w.source, n)) }

func (w *slideWriter) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

//go:embed slides.html
var slidesSource string

var slidesTemplate = template.Must(template.New("slides").Funcs(template.FuncMap{
	"number": func(i int) int { return i + 1 }, // slide 0 is the cover
}).Parse(slidesSource))

// writeSlides writes the page with the slides of each chapter that has some.
func (b *builder) writeSlides() error {
	for _, c := range b.chapters {
		if len(c.Slides) == 0 {
			continue
		}
		var out bytes.Buffer
		if err := slidesTemplate.Execute(&out, c); err != nil {
			return fmt.Errorf("book: the slides of %s.md: %w", c.name, err)
		}
		b.write(c.SlidesHref(), out.Bytes())
	}
	return nil
}
