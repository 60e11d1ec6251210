package main_test

import (
	"context"
	"io/fs"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// The picture in the README is made anew by
//
//	BOOK_SCREENSHOT=screenshot.png go test ./docs -run TestBook_inABrowser
func TestBook_inABrowser(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(),
		// The regular expressions of chroma share a clock, which stops by itself.
		goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
	site, err := book.Build(os.DirFS("."), os.DirFS(".."))
	require.NoError(t, err)
	url, stop := serve(t, site)
	defer stop()
	b, quit := browsertest.Start(t, url)
	defer quit()

	t.Run("every page loads, and fits on a phone", func(t *testing.T) {
		b := b.In(t)
		b.Size(390, 844)
		pages, err := fs.Glob(site, "*.html")
		require.NoError(t, err)
		sources, err := fs.Glob(site, "src/*/*/*.html")
		require.NoError(t, err)
		for _, page := range append(pages, sources...) {
			if page == "404.html" {
				continue // the server sends it with status 404, which is an error in the console
			}
			b.Open("/" + page)
			require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "%s scrolls sideways", page)
		}
	})

	t.Run("a phone has the contents behind a button", func(t *testing.T) {
		b := b.In(t)
		b.Size(390, 844)
		b.Open("/00-start.html")
		const shown = `document.getElementById("_contents").checkVisibility()`
		require.False(t, browsertest.Value[bool](b, shown))
		b.Click(".menu")
		b.Until(shown)
		b.Click(`#_contents a[href="#exercises"]`)
		b.Until(`!` + shown)
		b.Until(`location.hash === "#exercises"`)
	})

	b.In(t).Size(1280, 900)

	t.Run("a link leads to a chapter", func(t *testing.T) {
		b := b.In(t)
		b.Open("/")
		b.Follow("/00-start.html", func() { b.Click(`.chapters a[href="00-start.html"]`) })
		require.Equal(t, "page", browsertest.Value[string](b, `document.querySelector('.contents a[href="00-start.html"]').ariaCurrent`))
	})

	t.Run("keys move through sections and chapters", func(t *testing.T) {
		b := b.In(t)
		b.Open("/00-start.html")
		first := browsertest.Value[string](b, `document.querySelectorAll("h2")[0].id`)
		second := browsertest.Value[string](b, `document.querySelectorAll("h2")[1].id`)
		b.Press("j")
		b.Until(`location.hash === "#` + first + `"`)
		b.Press("j")
		b.Until(`location.hash === "#` + second + `"`)
		b.Until(`document.querySelector('[aria-current="location"]')?.hash === "#` + second + `"`)
		require.Equal(t, second, browsertest.Value[string](b, `document.activeElement.id`), "a screen reader goes along")
		b.Press("k")
		b.Until(`location.hash === "#` + first + `"`)

		b.Follow("/01-tcp.html", func() { b.Press("n") })
		b.Follow("/00-start.html", func() { b.Press("b") })
	})

	t.Run("keys can be seen, and switched off", func(t *testing.T) {
		b := b.In(t)
		b.Open("/00-start.html")
		const open = `document.getElementById("_keys").open`
		b.Press("?")
		b.Until(open)
		b.Click("#_keys input")
		b.Press(kb.Escape)
		b.Until(`!` + open)
		b.Open("/00-start.html")
		b.Press("n")
		b.Press("?")
		require.False(t, browsertest.Value[bool](b, open))
		require.Equal(t, "/00-start.html", browsertest.Value[string](b, `location.pathname`))
		b.Click("#_keys-open")
		b.Click("#_keys input")
		require.True(t, browsertest.Value[bool](b, `document.querySelector("#_keys input").checked`))
	})

	t.Run("search finds a section of another chapter", func(t *testing.T) {
		b := b.In(t)
		b.Open("/05-select.html")
		b.Press("/")
		b.Until(`document.activeElement === document.querySelector("#_search input")`)
		b.Press("MUSEUM watchdog")
		b.Until(`document.querySelectorAll("#_search .results a").length > 0`)
		require.Equal(t, "How a step is checked", browsertest.Value[string](b, `document.querySelector("#_search .results b").textContent`))
		require.Contains(t, browsertest.Value[string](b, `document.querySelector("#_search .results").innerHTML`), "<mark>watchdog</mark>")
		b.Follow("/00-start.html#how-a-step-is-checked", func() { b.Press(kb.Enter) })
	})

	t.Run("search says that there is nothing", func(t *testing.T) {
		b := b.In(t)
		b.Open("/")
		b.Click("#_search-open")
		b.Press("<b>(no such thing")
		b.Until(`document.querySelector("#_search .status").textContent === "Nothing found."`)
	})

	t.Run("one Esc closes the search, and what was typed is there again", func(t *testing.T) {
		b := b.In(t)
		b.Open("/")
		const open = `document.getElementById("_search").open`
		b.Press("/")
		b.Until(open)
		b.Press("watchdog")
		b.Until(`document.querySelectorAll("#_search .results a").length > 0`)
		b.Press(kb.Escape)
		require.False(t, browsertest.Value[bool](b, open))
		b.Press("/")
		b.Until(open)
		const field = `document.querySelector("#_search input")`
		require.Equal(t, "watchdog", browsertest.Value[string](b, field+`.value`))
		require.Equal(t, len("watchdog"), browsertest.Value[int](b, field+`.selectionEnd - `+field+`.selectionStart`), "typing replaces it")
		b.Click("#_search button")
		require.False(t, browsertest.Value[bool](b, open), "a phone has no Esc")
	})

	t.Run("the theme follows the system, and remembers a wish", func(t *testing.T) {
		b := b.In(t)
		const paper = `getComputedStyle(document.body).backgroundColor`
		b.Prefer("light")
		b.Open("/")
		light := browsertest.Value[string](b, paper)
		b.Prefer("dark")
		dark := browsertest.Value[string](b, paper)
		require.NotEqual(t, light, dark)

		b.Prefer("light")
		require.Equal(t, light, browsertest.Value[string](b, paper))
		b.Press("d")
		require.Equal(t, dark, browsertest.Value[string](b, paper))
		b.Open("/01-tcp.html")
		require.Equal(t, dark, browsertest.Value[string](b, paper), "on the next page too")
		b.Click("#_theme")
		require.Equal(t, light, browsertest.Value[string](b, paper))
		require.True(t, browsertest.Value[bool](b, `localStorage.getItem("theme") === null`), "follows the system again")
	})

	t.Run("the copy button leaves out what is not typed", func(t *testing.T) {
		b := b.In(t)
		b.Open("/00-start.html")
		browsertest.Value[bool](b, `navigator.clipboard.writeText = async (text) => { window.copied = text; }, true`)
		saysSo := b.Watch(`document.querySelector("figure.console .copy").textContent === "Copied"`) // for two seconds
		b.Click("figure.console .copy")
		b.Until(`window.copied === "go run ./docs doctor\n"`)
		saysSo()
	})

	t.Run("without scripts nothing is missing, and nothing is dead", func(t *testing.T) {
		b := b.In(t)
		click := func(selector string) { b.Do(chromedp.Click(chromedp.CSS(selector))) } // b.Click needs scripts
		browsertest.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		defer browsertest.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
		b.Size(390, 844)
		b.Open("/00-start.html")
		require.False(t, browsertest.Value[bool](b, `document.documentElement.classList.contains("scripts")`), "no script has run")
		require.False(t, browsertest.Value[bool](b, `document.getElementById("_search-open").checkVisibility()`))
		require.False(t, browsertest.Value[bool](b, `document.getElementById("_theme").checkVisibility()`))
		require.Zero(t, browsertest.Value[int](b, `document.querySelectorAll(".copy").length`))
		click(".menu")
		b.Until(`document.getElementById("_contents").checkVisibility()`)
		b.Open("/00-start.html")
		click("summary")
		b.Until(`document.querySelector("details p").checkVisibility()`)
		b.Follow("/01-tcp.html", func() { click(`.turn [rel="next"]`) })
	})

	if file := os.Getenv("BOOK_SCREENSHOT"); file != "" {
		b := b.In(t)
		b.Prefer("light", "reduced motion") // or it would show a page that still scrolls
		b.Size(1280, 900)
		b.Open("/")
		b.Open("/01-tcp.html#when-accept-fails")
		b.Until(`document.querySelector('[aria-current="location"]')?.hash === "#when-accept-fails"`)
		require.NoError(t, os.WriteFile(file, b.Picture(), 0o644))
	}

	require.Empty(t, b.Complained(), "in all of this")

	t.Run("the policy keeps a page from asking elsewhere", func(t *testing.T) {
		b := b.In(t)
		b.Open("/")
		require.Equal(t, "refused", browsertest.Value[string](b,
			`fetch("http://127.0.0.1:1/").then(() => "allowed", () => "refused")`, chromedp.EvalAwaitPromise))
		require.NotEmpty(t, b.Complained(), "and this test sees it")
	})
}

// serve serves the book as the program does.
func serve(t *testing.T, site *book.Site) (url string, stop func()) {
	handler, err := book.Handler(site)
	require.NoError(t, err)
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- (&httpd.Server{Handler: handler}).Serve(ctx, listener) }()
	return "http://" + listener.Addr().String(), func() {
		cancel()
		require.NoError(t, <-served)
	}
}
