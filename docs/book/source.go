package book

import (
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// largestSource is how many bytes of a file the book shows. A text that a reader
// follows is far smaller; a larger file is a fixture or a binary.
const largestSource = 256 << 10

// sources are the files and directories of the repository that the book shows.
type sources struct {
	repository fs.FS           // nil: there is none
	wanted     map[string]bool // by their paths
}

func newSources(repository fs.FS) *sources {
	return &sources{repository: repository, wanted: make(map[string]bool)}
}

// add asks for a page that shows name, a slash-separated path in the repository,
// and returns its file in the site. Without a repository that is "". It is an
// error if the repository has no such file.
func (s *sources) add(name string) (file string, err error) {
	if s.repository == nil {
		return "", nil
	}
	info, err := fs.Stat(s.repository, name)
	if err != nil {
		// The rest of the message would be the same path again.
		if where, ok := errors.AsType[*fs.PathError](err); ok {
			err = where.Err
		}
		return "", err
	}
	s.wanted[name] = true
	return sourceFile(name, info.IsDir()), nil
}

// sourceFile is the site's file that shows a file or directory of the repository.
func sourceFile(name string, isDir bool) string {
	if isDir {
		return path.Join("src", name, "index.html")
	}
	return "src/" + name + ".html"
}

// pages renders what was asked for, and the files of each directory: but not those of
// directories in it, or one link to a step would highlight the whole step.
func (s *sources) pages() ([]*page, error) {
	names := slices.Collect(maps.Keys(s.wanted))
	for _, dir := range names {
		entries, err := fs.ReadDir(s.repository, dir)
		if err != nil {
			continue // a file
		}
		for _, entry := range entries {
			if isShown(entry) {
				s.wanted[path.Join(dir, entry.Name())] = true
			}
		}
	}
	var pages []*page
	for _, name := range slices.Sorted(maps.Keys(s.wanted)) {
		p, err := s.page(name)
		if err != nil {
			return nil, fmt.Errorf("book: %w", err)
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// isShown reports whether a file of a directory is text worth a page.
func isShown(entry fs.DirEntry) bool {
	info, err := entry.Info()
	if err != nil || !info.Mode().IsRegular() || info.Size() > largestSource {
		return false
	}
	return slices.Contains([]string{".go", ".md", ".txt", ".mod", ".html", ".css", ".js", ".json"}, path.Ext(entry.Name()))
}

func (s *sources) page(name string) (*page, error) {
	info, err := fs.Stat(s.repository, name)
	if err != nil {
		return nil, err
	}
	file := sourceFile(name, info.IsDir())
	p := &page{
		file:  file,
		Kind:  "source",
		Title: name,
		Root:  strings.Repeat("../", strings.Count(file, "/")),
	}
	if info.IsDir() {
		p.Content, err = s.listing(name)
	} else {
		p.Content, err = s.listed(name)
	}
	return p, err
}

// listing shows a directory.
func (s *sources) listing(dir string) (template.HTML, error) {
	entries, err := fs.ReadDir(s.repository, dir)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString("<ul class=\"files\">\n")
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		name, file := html.EscapeString(entry.Name()), ".html"
		if entry.IsDir() {
			name, file = name+"/", "index.html"
		}
		if s.wanted[path.Join(dir, entry.Name())] {
			fmt.Fprintf(&out, "<li><a href=\"%s\">%s</a></li>\n", name+file, name)
		} else {
			fmt.Fprintf(&out, "<li>%s</li>\n", name)
		}
	}
	out.WriteString("</ul>\n")
	return template.HTML(out.String()), nil
}

// listed shows a file, with line numbers that can be linked to.
func (s *sources) listed(name string) (template.HTML, error) {
	data, err := fs.ReadFile(s.repository, name)
	if err != nil {
		return "", err
	}
	if len(data) > largestSource || !utf8.Valid(data) {
		return "<p>This file is too large to be shown here, or it is not text.</p>\n", nil
	}
	var out strings.Builder
	out.WriteString(`<figure class="code source"><pre><code>`)
	language := strings.TrimPrefix(path.Ext(name), ".")
	if err := highlight(&out, language, string(data), lineNumber); err != nil {
		return "", err
	}
	out.WriteString("</code></pre></figure>\n")
	return template.HTML(out.String()), nil
}

// lineNumber begins a line of a file. The style sheet shows the number: so it is not copied
// along with the code.
func lineNumber(w io.Writer, line int) {
	fmt.Fprintf(w, `<a class="line" id="L%d" href="#L%d" data-line="%d"></a>`, line, line, line)
}
