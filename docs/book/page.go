package book

import (
	_ "embed"
	"html/template"
	"io"
)

// A page is a file of the site before it is one: what the template page.html
// shows. It reads the exported fields.
type page struct {
	Kind  string // index, chapter, guide, source, live or missing
	Title string // empty: the book's
	Root  string // what a link to the site's root begins with: "", "../../"

	Chapters       []*chapter // for the contents
	Guide          []*chapter // for those who teach
	Chapter        *chapter   // the one that this page shows, or nil
	Previous, Next *chapter   // its neighbours, or nil
	Content        template.HTML
	Styles         []string // links from the site's root, beside those of all pages
	Scripts        []string // likewise; modules
	file           string   // where it will be in the site
}

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

func (p *page) render(w io.Writer) error { return pageTemplate.Execute(w, p) }
