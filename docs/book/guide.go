package book

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// guideFolder holds the pages for those who teach: the guide, README.md; a presenter's script
// for each step; and what is handed out. They are read and rendered as chapters are, and stand
// beside them: the keys from chapter to chapter don't lead there, and the search leaves them out, because
// a learner who looks for a word wants the chapter and not the answers.
const guideFolder = "workshop"

// readGuide reads the pages of the guide's folder, README.md first. A book may have none.
func readGuide(folder fs.FS) ([]*chapter, error) {
	entries, err := fs.ReadDir(folder, guideFolder) // sorted by name
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("book: %w", err)
	}
	var pages []*chapter
	for _, entry := range entries {
		name, isPage := strings.CutSuffix(path.Join(guideFolder, entry.Name()), ".md")
		if !isPage {
			continue
		}
		c, err := readChapter(folder, name)
		if err != nil {
			return nil, err
		}
		if path.Base(name) == "README" {
			pages = append([]*chapter{c}, pages...)
		} else {
			pages = append(pages, c)
		}
	}
	return pages, nil
}

// root leads from the chapter's page to the site's root.
func (c *chapter) root() string { return strings.Repeat("../", strings.Count(c.name, "/")) }

// IsHandout reports whether the page is to be printed, on one sheet.
func (c *chapter) IsHandout() bool { return strings.HasPrefix(path.Base(c.name), "handout-") }

// guidePages puts each page of the guide between its neighbours.
func (b *builder) guidePages() []*page {
	var pages []*page
	for i, c := range b.guide {
		p := &page{file: c.Href(), Kind: "guide", Root: c.root(), Title: c.Title, Chapter: c, Content: template.HTML(c.body)}
		if i > 0 {
			p.Previous = b.guide[i-1]
		}
		if i+1 < len(b.guide) {
			p.Next = b.guide[i+1]
		}
		pages = append(pages, p)
	}
	return pages
}
