package book

import (
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

// A chapter is one file NN-name.md. The template reads the exported fields.
type chapter struct {
	Title    string    // the first heading
	Summary  string    // one sentence; may be empty
	Minutes  int       // how long it takes in a workshop; 0 if nobody has said
	Sections []section // the second-level headings
	Plays    []play    // the moving pictures, each once
	Slides   []*slide  // what is shown to a class

	name   string // without .md; with its folder, if it has one
	source []byte
	body   string // the rendered HTML
}

// A section is a heading that the contents list.
type section struct {
	Title string
	ID    string
}

// Href is the chapter's file in the site, and so the link to it from the site's root. A folder's README is its index.
func (c *chapter) Href() string {
	if folder, ok := strings.CutSuffix(c.name, "README"); ok {
		return folder + "index.html"
	}
	return c.name + ".html"
}

var (
	chapterFile = regexp.MustCompile(`^\d\d-[a-z0-9-]+\.md$`)

	// about is a comment below the title, because a code host doesn't show comments:
	//
	//	<!-- chapter: 60 minutes. What surrounds one line of Accept. -->
	//
	// The minutes may be left out.
	about = regexp.MustCompile(`(?s)<!--\s*chapter:\s*(?:(\d+) minutes?\.)?\s*(.*?)\s*-->`)
)

// readChapters reads the chapters in the order of their numbers.
func readChapters(folder fs.FS) ([]*chapter, error) {
	entries, err := fs.ReadDir(folder, ".") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("book: %w", err)
	}
	var chapters []*chapter
	for _, entry := range entries {
		if !chapterFile.MatchString(entry.Name()) {
			continue
		}
		c, err := readChapter(folder, strings.TrimSuffix(entry.Name(), ".md"))
		if err != nil {
			return nil, err
		}
		chapters = append(chapters, c)
	}
	if len(chapters) == 0 {
		return nil, fmt.Errorf("book: no chapter: their files are named like 01-tcp.md")
	}
	return chapters, nil
}

// readChapter reads the file name.md.
func readChapter(folder fs.FS, name string) (*chapter, error) {
	source, err := fs.ReadFile(folder, name+".md")
	if err != nil {
		return nil, fmt.Errorf("book: %w", err)
	}
	c := &chapter{name: name, source: source}
	if found := about.FindSubmatch(source); found != nil {
		c.Minutes, _ = strconv.Atoi(string(found[1])) // no minutes: 0
		c.Summary = strings.Join(strings.Fields(string(found[2])), " ")
	}
	return c, nil
}
