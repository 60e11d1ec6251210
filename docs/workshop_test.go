package main_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
)

// The PDFs of the hand-outs, and pictures of the guide, are written into a folder by
//
//	WORKSHOP=/tmp/workshop go test ./docs -run TestWorkshop
func TestWorkshop_inABrowser(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(),
		goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
	site, err := book.Build(os.DirFS("."), os.DirFS(".."))
	require.NoError(t, err)
	url, stop := serve(t, site)
	defer stop()
	b, quit := browsertest.Start(t, url)
	defer quit()
	pages, err := fs.Glob(site, "workshop/*.html")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(pages), 11, "the guide, five scripts, five hand-outs")

	handouts := 0
	for _, page := range pages {
		if !strings.HasPrefix(path.Base(page), "handout-") {
			continue
		}
		handouts++
		t.Run("it is one sheet: "+page, func(t *testing.T) { isOneSheet(b.In(t), page) })
	}
	require.Equal(t, 5, handouts)

	t.Run("every page fits on a phone", func(t *testing.T) {
		b := b.In(t)
		b.Size(390, 844)
		for _, page := range pages {
			b.Open("/" + page)
			require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "%s scrolls sideways", page)
		}
	})

	t.Run("the contents lead to the guide, and the guide to a script's part", func(t *testing.T) {
		b := b.In(t)
		b.Size(1280, 900)
		b.Open("/")
		// Not by the mouse: the page scrolls smoothly, and a click could miss what moves.
		click := func(link string) func() {
			return func() {
				require.True(b.T, browsertest.Value[bool](b, `document.querySelector('`+link+`').click(), true`))
			}
		}
		b.Follow("/workshop/index.html", click(`.guide a[href="workshop/index.html"]`))
		b.Follow("/workshop/01-tcp.html#one-silent-client-stops-them-all",
			click(`article a[href="../workshop/01-tcp.html#one-silent-client-stops-them-all"]`))
		b.Follow("/01-tcp.html#the-first-version", click(`article a[href="../01-tcp.html#the-first-version"]`))
	})

	if folder := os.Getenv("WORKSHOP"); folder != "" {
		b := b.In(t)
		for name, width := range map[string]int{"phone": 390, "projector": 1280} {
			b.Size(int64(width), 900)
			for _, theme := range []string{"light", "dark"} {
				b.Prefer(theme)
				for _, page := range []string{"index", "01-tcp", "handout-04"} {
					b.Open("/workshop/" + page + ".html")
					require.NoError(t, os.WriteFile(path.Join(folder, page+"-"+name+"-"+theme+".png"), b.Picture(), 0o644))
				}
			}
		}
	}
	require.Empty(t, b.Complained())
}

// isOneSheet prints a page on A4, and on the shorter Letter, with the margins that a browser has, and counts.
func isOneSheet(b browsertest.Page, page string) {
	b.Open("/" + page)
	const inch = 25.4 // millimetres
	for name, size := range map[string][2]float64{"A4": {210 / inch, 297 / inch}, "Letter": {8.5, 11}} {
		printed := browsertest.Call(b, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PaperWidth: size[0], PaperHeight: size[1]})
		require.Len(b.T, pdfPage.FindAll(printed.Data, -1), 1, "%s on %s", page, name)
		if folder := os.Getenv("WORKSHOP"); folder != "" && name == "A4" {
			file := strings.TrimSuffix(path.Base(page), ".html") + ".pdf"
			require.NoError(b.T, os.WriteFile(path.Join(folder, file), printed.Data, 0o644))
		}
	}
}
