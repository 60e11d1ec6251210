package book

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"testing/fstest"
	"time"

	plays "example.com/async/docs/play"
)

// assets are the files that every page needs, written by hand.
//
//go:embed assets
var assets embed.FS

// A Site is the finished book: each file that a browser may ask for, in memory.
// It is an [fs.FS], does not change, and may be used by many goroutines.
//
//	index.html            the contents
//	01-tcp.html           a chapter
//	01-tcp.slides.html    its slides, see slides.go
//	workshop/             the guide for those who teach, see guide.go
//	src/DIR/FILE.html     a file of the repository that a chapter links to
//	src/DIR/index.html    a directory of the repository, likewise
//	assets/               style, scripts, and search.json
//	play/                 scripts and styles of the pictures that move
//	progress.html         what there is to see without the live parts
//	404.html              for everything else; its links begin with a slash
//	NAME.gz               the same as NAME, where that is smaller
type Site struct {
	// Problems tells what is wrong in the chapters, one line each: a link that
	// leads nowhere, for example. The pages can be read nevertheless.
	Problems []string

	chapters []*chapter // for pages that are made later
	guide    []*chapter

	files fstest.MapFS
	built time.Time // of all files: with the size it makes their ETags
}

// Open opens a file of the site. It makes the Site an [fs.FS].
func (s *Site) Open(name string) (fs.File, error) { return s.files.Open(name) }

// Build renders the book.
//
// The chapters are the files NN-name.md at the root of chapters; images that
// they show lie beside them. The repository is where the links that leave that
// folder ("../step01-tcp/tcp/server.go") and the comments above quoted code
// find their files: its folder docs must be the one of the chapters. It may be nil: then a
// reader sees the path of such a file as text.
//
// The chapters are trusted like code: HTML in them goes to the page as it is.
func Build(chapters, repository fs.FS) (*Site, error) {
	read, err := readChapters(chapters)
	if err != nil {
		return nil, err
	}
	guide, err := readGuide(chapters)
	if err != nil {
		return nil, err
	}
	b := &builder{
		chapters: read,
		guide:    guide,
		plays:    plays.Assets(),
		folder:   chapters,
		sources:  newSources(repository),
		site:     &Site{chapters: read, guide: guide, files: fstest.MapFS{}, built: time.Now()},
	}
	for _, c := range slices.Concat(b.chapters, b.guide) {
		if err := b.renderChapter(c); err != nil {
			return nil, err
		}
	}
	if err := b.writePages(); err != nil {
		return nil, err
	}
	if err := b.writeSlides(); err != nil {
		return nil, err
	}
	if err := b.writeAssets(); err != nil {
		return nil, err
	}
	if err := b.writeCompressed(); err != nil { // all that is there by now
		return nil, err
	}
	return b.site, nil
}

// A builder is what the parts of one Build share.
type builder struct {
	chapters []*chapter
	guide    []*chapter
	folder   fs.FS // of the chapters
	sources  *sources
	plays    map[string][]byte // scripts and styles of the moving pictures
	site     *Site
}

// problem notes what is wrong in the chapter file name.
func (b *builder) problem(name, format string, args ...any) {
	b.site.Problems = append(b.site.Problems, name+": "+fmt.Sprintf(format, args...))
}

func (b *builder) write(name string, data []byte) {
	b.site.files[name] = &fstest.MapFile{Data: data, Mode: 0o444, ModTime: b.site.built}
}

// writePages puts a frame around what was rendered. It comes after all chapters,
// because a frame knows the chapters before and after.
func (b *builder) writePages() error {
	pages := []*page{
		{file: "index.html", Kind: "index"},
		{file: "404.html", Kind: "missing", Title: "Not found", Root: "/"},
		{file: "progress.html", Kind: "live", Title: "Your progress", Content: noProgress},
	}
	for i, c := range b.chapters {
		p := &page{file: c.Href(), Kind: "chapter", Title: c.Title, Chapter: c, Content: template.HTML(c.body)}
		if i > 0 {
			p.Previous = b.chapters[i-1]
		}
		if i+1 < len(b.chapters) {
			p.Next = b.chapters[i+1]
		}
		pages = append(pages, p)
	}
	pages = append(pages, b.guidePages()...)
	sourcePages, err := b.sources.pages()
	if err != nil {
		return err
	}
	for _, p := range append(pages, sourcePages...) {
		p.Chapters, p.Guide = b.chapters, b.guide
		var html bytes.Buffer
		if err := p.render(&html); err != nil {
			return fmt.Errorf("book: %s: %w", p.file, err)
		}
		b.write(p.file, html.Bytes())
	}
	return nil
}

func (b *builder) writeAssets() error {
	index, err := b.searchIndex()
	if err != nil {
		return err
	}
	b.write("assets/search.json", index)
	b.write(progressFile, []byte("{}"))
	for name, data := range b.plays {
		b.write("play/"+name, data)
	}
	return fs.WalkDir(assets, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := assets.ReadFile(name)
		if err != nil {
			return err
		}
		b.write(name, data)
		return nil
	})
}
