package book

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// resolveLinks makes the links of a chapter lead to the right places of the site.
func (b *builder) resolveLinks(c *chapter, tree ast.Node) {
	for _, link := range find[*ast.Link](tree) {
		href, shown := b.resolve(c, string(link.Destination))
		if href != "" {
			link.Destination = []byte(href)
			continue
		}
		b.replaceLink(c, link, shown)
	}
	for _, image := range find[*ast.Image](tree) {
		name := path.Join(path.Dir(c.name), string(image.Destination))
		data, err := fs.ReadFile(b.folder, name)
		if err != nil {
			b.problem(c.name+".md", "the image %s is not there", image.Destination)
			continue
		}
		b.write(name, data)
	}
}

// resolve returns what a link of a chapter becomes. If there is no such page, href
// is empty, and shown is the file's path in the repository.
func (b *builder) resolve(c *chapter, destination string) (href, shown string) {
	if strings.Contains(destination, "://") || strings.HasPrefix(destination, "mailto:") {
		return destination, ""
	}
	name, fragment, _ := strings.Cut(destination, "#")
	if fragment != "" {
		fragment = "#" + fragment
	}
	if name == "" {
		return fragment, ""
	}
	name = path.Join(path.Dir(c.name), name)
	for _, other := range slices.Concat(b.chapters, b.guide) {
		if name == other.name+".md" {
			return c.root() + other.Href() + fragment, ""
		}
	}
	shown = path.Join("docs", name)
	file, err := b.sources.add(shown)
	if err != nil {
		b.problem(c.name+".md", "the link to %s leads nowhere: %v", destination, err)
	}
	if file == "" {
		return "", shown
	}
	// A code host's links to several lines look like #L10-L20.
	first, _, _ := strings.Cut(fragment, "-L")
	return c.root() + file + first, ""
}

// replaceLink puts in the place of a link what it says, and the path that it
// leads to unless that is what it says.
func (b *builder) replaceLink(c *chapter, link *ast.Link, shown string) {
	parent := link.Parent()
	says := plainText(link, c.source)
	for child := link.FirstChild(); child != nil; child = link.FirstChild() {
		parent.InsertBefore(parent, link, child)
	}
	if strings.TrimSuffix(says, "/") != shown {
		parent.InsertBefore(parent, link, ast.NewString([]byte(" ("+shown+")")))
	}
	parent.RemoveChild(parent, link)
}
