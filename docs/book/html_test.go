package book

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// buildReal builds the book of this repository, once: a Site doesn't change.
func buildReal(t *testing.T) *Site {
	t.Helper()
	site, err := builtReal()
	require.NoError(t, err)
	return site
}

var builtReal = sync.OnceValues(func() (*Site, error) {
	return Build(os.DirFS(".."), os.DirFS("../.."))
})

// eachBook runs a test for the sample and for the book as it is.
func eachBook(t *testing.T, test func(t *testing.T, site *Site)) {
	t.Run("sample", func(t *testing.T) { test(t, buildSample(t)) })
	t.Run("real", func(t *testing.T) { test(t, buildReal(t)) })
}

func TestPages_areWellFormed(t *testing.T) {
	eachBook(t, func(t *testing.T, site *Site) {
		for name := range pagesOf(t, site) {
			requireBalanced(t, name, contentOf(t, site, name))
		}
	})
}

// requireBalanced fails unless each start tag has its end tag. A browser forgives
// nearly all, and then shows something else than was meant.
func requireBalanced(t *testing.T, name, page string) {
	t.Helper()
	void := []atom.Atom{atom.Meta, atom.Link, atom.Br, atom.Hr, atom.Img, atom.Input}
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := tokens.Next()
		token := tokens.Token()
		switch {
		case kind == html.ErrorToken:
			require.Empty(t, open, "%s: not closed", name)
			return
		case kind == html.StartTagToken && !slices.Contains(void, token.DataAtom):
			open = append(open, token.Data)
		case kind == html.EndTagToken:
			require.NotEmpty(t, open, "%s: </%s> closes nothing", name, token.Data)
			require.Equal(t, open[len(open)-1], token.Data, "%s: closed in the wrong order, within %v", name, open)
			open = open[:len(open)-1]
		}
	}
}

func TestPages_haveUniqueIDs(t *testing.T) {
	eachBook(t, func(t *testing.T, site *Site) {
		for name, page := range pagesOf(t, site) {
			for id, times := range idsOf(page) {
				require.Equal(t, 1, times, "%s: the id %s", name, id)
			}
		}
	})
}

// idsOf counts how often each id occurs.
func idsOf(page *html.Node) map[string]int {
	ids := make(map[string]int)
	for node := range page.Descendants() {
		if id := attr(node, "id"); id != "" {
			ids[id]++
		}
	}
	return ids
}

func TestPages_haveNoLinkThatLeadsNowhere(t *testing.T) {
	eachBook(t, func(t *testing.T, site *Site) {
		ids := make(map[string]map[string]int) // by page
		for name, page := range pagesOf(t, site) {
			ids[name] = idsOf(page)
		}
		for name, page := range pagesOf(t, site) {
			for node := range page.Descendants() {
				for _, link := range []string{attr(node, "href"), attr(node, "src")} {
					if link == "" || strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
						continue
					}
					target, fragment := targetOf(name, link)
					require.Contains(t, site.files, target, "%s links to %s", name, link)
					if fragment != "" {
						require.Contains(t, ids[target], fragment, "%s links to %s", name, link)
					}
				}
			}
		}
	})
}

// targetOf returns the file of the site, and the id in it, that a link of a page leads to.
func targetOf(from, link string) (file, fragment string) {
	file, fragment, _ = strings.Cut(link, "#")
	switch {
	case strings.HasPrefix(file, "/"):
		return file[1:], fragment
	case file != "":
		return path.Join(path.Dir(from), file), fragment
	}
	return from, fragment
}

// The server sends a policy that forbids all of this: it would fail silently.
func TestPages_haveNothingInlineAndNothingForeign(t *testing.T) {
	eachBook(t, func(t *testing.T, site *Site) {
		for name, page := range pagesOf(t, site) {
			for node := range page.Descendants() {
				require.NotEqual(t, "style", node.Data, "%s: a style element", name)
				for _, a := range node.Attr {
					require.NotEqual(t, "style", a.Key, "%s: a style attribute on <%s>", name, node.Data)
					require.False(t, strings.HasPrefix(a.Key, "on"), "%s: %s on <%s>", name, a.Key, node.Data)
				}
				switch node.DataAtom {
				case atom.Script:
					require.NotEmpty(t, attr(node, "src"), "%s: an inline script", name)
					require.Nil(t, node.FirstChild, "%s: an inline script", name)
				case atom.Img, atom.Link:
					require.NotContains(t, attr(node, "src")+attr(node, "href"), "//", "%s: fetched from elsewhere", name)
				}
			}
		}
	})
}

func TestPages_haveLandmarksAndOneTitle(t *testing.T) {
	eachBook(t, func(t *testing.T, site *Site) {
		for name, page := range pagesOf(t, site) {
			count := make(map[atom.Atom]int)
			for node := range page.Descendants() {
				count[node.DataAtom]++
				if node.DataAtom == atom.Img {
					require.NotEmpty(t, attr(node, "alt"), "%s: an image without a description", name)
				}
			}
			require.Equal(t, 1, count[atom.H1], "%s: h1", name)
			require.Equal(t, 1, count[atom.Main], "%s: main", name)
			require.Equal(t, 1, count[atom.Title], "%s: title", name)
			require.GreaterOrEqual(t, count[atom.Nav], 1, "%s: nav", name)
			require.Contains(t, contentOf(t, site, name), `<a class="skip" href="#_text">`, name)
		}
	})
}

// Without scripts a reader has the contents, the chapters, the answers and the
// way from one chapter to the next; what would need a script is not seen.
func TestPages_areCompleteWithoutScripts(t *testing.T) {
	site := buildSample(t)
	for _, name := range []string{"index.html", "01-tcp.html", "404.html", "src/step01-tcp/tcp/server.go.html"} {
		page := contentOf(t, site, name)
		require.Contains(t, page, `<button type="button" class="menu" popovertarget="_contents"`, "%s: opens the contents on a phone", name)
		for _, chapter := range []string{"00-start.html", "01-tcp.html"} {
			require.Contains(t, page, chapter+`"`, "%s: contents", name)
		}
		require.Contains(t, page, `<span class="tools scripted">`, "%s: hidden by the style until a script runs", name)
	}
	page := contentOf(t, site, "01-tcp.html")
	require.Contains(t, page, "<details>\n<summary>Answer</summary>\n<p>It <strong>hangs</strong>")
	require.Contains(t, contentOf(t, site, "assets/book.css"), ".scripted { display: none; }")
}

// pagesOf parses every page of the site.
func pagesOf(t *testing.T, site *Site) map[string]*html.Node {
	t.Helper()
	pages := make(map[string]*html.Node)
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		page, err := html.Parse(strings.NewReader(contentOf(t, site, name)))
		pages[name] = page
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	return pages
}

func attr(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
