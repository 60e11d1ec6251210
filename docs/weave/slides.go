package weave

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
)

// A Slide is a part of a chapter that is shown to a class. A comment marks it:
//
//	<!-- slide 3 One silent client stops the server -->
//	<!-- note: Ask: what does the second client see? -->
//
// It is the next block, or all up to the comment <!-- /slide --> if that comes before the
// next slide.
type Slide struct {
	// Title is a sentence of inline Markdown.
	Title string
	// Minutes is how long a class spends on it.
	Minutes int
	// Notes are for whoever presents: Markdown, one text for each comment.
	Notes []Directive
	// Blocks are what the class sees, in the order of the chapter.
	Blocks []SlideBlock
	// Section is the id of the first- or second-level heading that it stands under.
	Section string
	// Line is the number of the mark's line in the chapter.
	Line int
}

// A SlideBlock is one block on a slide.
type SlideBlock struct {
	Node ast.Node
	// Folded says that it is of an answer that will be unfolded, and is shown whole. Of a
	// paragraph or a list item that is not, the class sees only the [Lead], if it has one.
	Folded bool
}

// slideLines is how many lines of code fit on a slide, and can be read from the last row.
const slideLines = 34

// Slides returns the slides of a parsed chapter in their order, and what is wrong with
// their marks. The tree must still have its comments, and the ids of [HeadingIDs].
func Slides(doc ast.Node, source []byte) ([]Slide, []Problem) {
	return newChapter("", source, doc).slides()
}

func (c *Chapter) slides() (found []Slide, problems []Problem) {
	var blocks []ast.Node
	for n := c.Doc.FirstChild(); n != nil; n = n.NextSibling() {
		blocks = append(blocks, n)
	}
	section := ""
	for i := 0; i < len(blocks); i++ {
		section = cmp.Or(headingID(blocks[i]), section)
		d, _ := c.directive(blocks[i])
		switch d.Name {
		case "slide":
			end := c.slideEnd(blocks, i+1)
			slide, wrong := c.slide(d, blocks[i+1:end])
			slide.Section = section
			for _, n := range blocks[i+1 : end] {
				section = cmp.Or(headingID(n), section)
			}
			found, problems = append(found, slide), append(problems, wrong...)
			if end < len(blocks) && c.isDirective(blocks[end], "/slide") {
				end++
			}
			i = end - 1
		case "/slide":
			problems = append(problems, c.problem(d.Line, "/slide without a slide above it; slides can't be nested"))
		case "note":
			problems = append(problems, c.problem(d.Line, "a note stands between a slide and its end"))
		}
	}
	return found, problems
}

// slideEnd is the index of the first block that is not on the slide whose mark stands
// right before blocks[first].
func (c *Chapter) slideEnd(blocks []ast.Node, first int) int {
	for i := first; i < len(blocks) && !c.isDirective(blocks[i], "slide"); i++ {
		if c.isDirective(blocks[i], "/slide") {
			return i
		}
	}
	end := first
	for depth := 0; end < len(blocks) && !c.isDirective(blocks[end], "slide"); end++ {
		depth += c.unfolds(blocks[end])
		if _, isComment := c.directive(blocks[end]); !isComment && depth <= 0 {
			return end + 1 // an answer is one block
		}
	}
	return end
}

// slide reads what stands between a mark and its end.
func (c *Chapter) slide(mark Directive, blocks []ast.Node) (slide Slide, problems []Problem) {
	wrong := func(format string, args ...any) {
		problems = append(problems, c.problem(mark.Line, "slide: "+format, args...))
	}
	minutes, title, _ := strings.Cut(mark.Rest, " ")
	slide.Line, slide.Title = mark.Line, strings.Join(strings.Fields(title), " ")
	slide.Minutes, _ = strconv.Atoi(minutes)
	if slide.Minutes < 1 || slide.Minutes > 60 {
		wrong("it begins with its minutes, from 1 to 60, and not with %q", minutes)
	}
	if slide.Title == "" {
		wrong("it has no title")
	}

	depth, lines := 0, 0
	for _, n := range blocks {
		if d, ok := c.directive(n); ok {
			if d.Name == "note" {
				slide.Notes = append(slide.Notes, d)
			}
			continue
		}
		change := c.unfolds(n)
		depth += change
		folded := depth > 0 || change < 0
		if !folded && !isShown(n) {
			continue
		}
		slide.Blocks = append(slide.Blocks, SlideBlock{n, folded})
		if code, ok := n.(*ast.FencedCodeBlock); ok && !folded {
			text := SlideCode(string(code.Language(c.Source)), string(code.Lines().Value(c.Source)))
			lines += strings.Count(text, "\n")
		}
	}
	switch {
	case depth != 0:
		wrong("an answer is cut by the slide's end")
	case len(slide.Blocks) == 0:
		wrong("nothing is on it: of a paragraph only the bold words at its beginning are")
	case lines > slideLines:
		wrong("its code has %d lines; %d can be read from the last row", lines, slideLines)
	}
	if len(slide.Notes) == 0 {
		wrong("it has no note: what is to be said, and asked?")
	}
	return slide, problems
}

// isShown says what of a chapter is on a slide: what a class looks at. It is told the text.
func isShown(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.List, *ast.Blockquote, *extensionast.Table:
		return true
	case *ast.Paragraph:
		_, isPicture := n.FirstChild().(*ast.Image)
		return isPicture && n.ChildCount() == 1 || Lead(n) != nil
	}
	return false
}

// Lead returns the bold words with which a paragraph begins, or nil.
func Lead(paragraph ast.Node) ast.Node {
	if bold, ok := paragraph.FirstChild().(*ast.Emphasis); ok && bold.Level == 2 {
		return bold
	}
	return nil
}

// topComment finds a line of a comment above a declaration. //go:build and the like are none,
// and what is indented in it is a drawing, or code.
var topComment = regexp.MustCompile(`(?m)^//(?: .*)?$\n?`)

// SlideCode is what a slide shows of a code block: in Go the comments above the
// declarations are left out, but for what is indented in them. A class that reads does not listen.
func SlideCode(language, text string) string {
	if language != "go" {
		return text
	}
	if short := strings.TrimLeft(topComment.ReplaceAllString(text, ""), "\n"); short != "" {
		return short
	}
	return text
}

// unfolds is 1 for the beginning of a folded answer, -1 for its end, and otherwise 0.
func (c *Chapter) unfolds(n ast.Node) int {
	html := rawHTML(n, c.Source)
	return strings.Count(html, "<details") - strings.Count(html, "</details")
}

func (c *Chapter) isDirective(n ast.Node, name string) bool {
	d, ok := c.directive(n)
	return ok && d.Name == name
}

// headingID is the anchor of a heading of the first or second level; "" for other nodes.
func headingID(n ast.Node) string {
	if heading, ok := n.(*ast.Heading); ok && heading.Level <= 2 {
		value, _ := heading.AttributeString("id")
		id, _ := value.([]byte)
		return string(id)
	}
	return ""
}

// chapterMinutes finds what a chapter says of itself: <!-- chapter: 90 minutes. ... -->
var chapterMinutes = regexp.MustCompile(`^(\d+) minutes?\.`)

// checkSlides checks the marks, that their minutes fit into the chapter's, and that
// the notes, too, name only what is there.
func (c *Chapter) checkSlides(repo *repository) []Problem {
	slides, problems := c.slides()
	total := 0
	for _, slide := range slides {
		total += slide.Minutes
		for _, d := range slide.Notes {
			note := parseChapter(c.Path, []byte(d.Rest))
			for _, p := range append(note.checkMentions(repo), note.checkLinks(repo)...) {
				p.Line += d.Line - 1
				problems = append(problems, p)
			}
		}
	}
	c.walk(func(n ast.Node) {
		d, ok := c.directive(n)
		switch {
		case !ok:
		case d.Name == "slide" || d.Name == "/slide" || d.Name == "note":
			if n.Parent() != c.Doc {
				problems = append(problems, c.problem(d.Line, "%s: it must not stand in a list or a quotation", d.Name))
			}
		case d.Name == "chapter":
			if found := chapterMinutes.FindStringSubmatch(d.Rest); found != nil {
				if minutes, _ := strconv.Atoi(found[1]); total > minutes {
					problems = append(problems, c.problem(d.Line, "its slides take %d minutes, the chapter only %d", total, minutes))
				}
			}
		}
	})
	return problems
}
