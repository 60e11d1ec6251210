package main_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// A browser is one tab of Chromium, and all that it complained about.
type browser struct {
	ctx context.Context
	url string // of the book, without the slash at its end

	mu         sync.Mutex
	complaints []string // errors in the console, and requests that leave the book
}

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
	b, quit := openBrowser(t, url)
	defer quit()

	t.Run("every page loads, and fits on a phone", func(t *testing.T) {
		b := b.in(t)
		b.do(chromedp.EmulateViewport(390, 844))
		pages, err := fs.Glob(site, "*.html")
		require.NoError(t, err)
		sources, err := fs.Glob(site, "src/*/*/*.html")
		require.NoError(t, err)
		for _, page := range append(pages, sources...) {
			if page == "404.html" {
				continue // the server sends it with status 404, which is an error in the console
			}
			b.open("/" + page)
			require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), 390, "%s scrolls sideways", page)
		}
	})

	t.Run("a phone has the contents behind a button", func(t *testing.T) {
		b := b.in(t)
		b.do(chromedp.EmulateViewport(390, 844))
		b.open("/00-start.html")
		const shown = `document.getElementById("_contents").checkVisibility()`
		require.False(t, value[bool](b, shown))
		b.do(chromedp.Click(chromedp.CSS(".menu")))
		b.until(shown)
		b.do(chromedp.Click(chromedp.CSS(`#_contents a[href="#exercises"]`)))
		b.until(`!` + shown)
		b.until(`location.hash === "#exercises"`)
	})

	b.in(t).do(chromedp.EmulateViewport(1280, 900))

	t.Run("a link leads to a chapter", func(t *testing.T) {
		b := b.in(t)
		b.open("/")
		b.follow("/00-start.html", func() { b.do(chromedp.Click(chromedp.CSS(`.chapters a[href="00-start.html"]`))) })
		require.Equal(t, "page", value[string](b, `document.querySelector('.contents a[href="00-start.html"]').ariaCurrent`))
	})

	t.Run("keys move through sections and chapters", func(t *testing.T) {
		b := b.in(t)
		b.open("/00-start.html")
		first := value[string](b, `document.querySelectorAll("h2")[0].id`)
		second := value[string](b, `document.querySelectorAll("h2")[1].id`)
		b.press("j")
		b.until(`location.hash === "#` + first + `"`)
		b.press("j")
		b.until(`location.hash === "#` + second + `"`)
		b.until(`document.querySelector('[aria-current="location"]')?.hash === "#` + second + `"`)
		require.Equal(t, second, value[string](b, `document.activeElement.id`), "a screen reader goes along")
		b.press("k")
		b.until(`location.hash === "#` + first + `"`)

		b.follow("/01-tcp.html", func() { b.press("n") })
		b.follow("/00-start.html", func() { b.press("b") })
	})

	t.Run("keys can be seen, and switched off", func(t *testing.T) {
		b := b.in(t)
		b.open("/00-start.html")
		const open = `document.getElementById("_keys").open`
		b.press("?")
		b.until(open)
		b.do(chromedp.Click(chromedp.CSS("#_keys input")), chromedp.KeyEvent(kb.Escape))
		b.until(`!` + open)
		b.open("/00-start.html")
		b.press("n")
		b.press("?")
		require.False(t, value[bool](b, open))
		require.Equal(t, "/00-start.html", value[string](b, `location.pathname`))
		b.do(chromedp.Click(chromedp.CSS("#_keys-open")), chromedp.Click(chromedp.CSS("#_keys input")))
		require.True(t, value[bool](b, `document.querySelector("#_keys input").checked`))
	})

	t.Run("search finds a section of another chapter", func(t *testing.T) {
		b := b.in(t)
		b.open("/05-select.html")
		b.press("/")
		b.until(`document.activeElement === document.querySelector("#_search input")`)
		b.do(chromedp.KeyEvent("MUSEUM watchdog"))
		b.until(`document.querySelectorAll("#_search .results a").length > 0`)
		require.Equal(t, "How a step is checked", value[string](b, `document.querySelector("#_search .results b").textContent`))
		require.Contains(t, value[string](b, `document.querySelector("#_search .results").innerHTML`), "<mark>watchdog</mark>")
		b.follow("/00-start.html#how-a-step-is-checked", func() { b.do(chromedp.KeyEvent(kb.Enter)) })
	})

	t.Run("search says that there is nothing", func(t *testing.T) {
		b := b.in(t)
		b.open("/")
		b.do(chromedp.Click(chromedp.CSS("#_search-open")), chromedp.KeyEvent("<b>(no such thing"))
		b.until(`document.querySelector("#_search .status").textContent === "Nothing found."`)
	})

	t.Run("one Esc closes the search, and what was typed is there again", func(t *testing.T) {
		b := b.in(t)
		b.open("/")
		const open = `document.getElementById("_search").open`
		b.press("/")
		b.until(open)
		b.do(chromedp.KeyEvent("watchdog"))
		b.until(`document.querySelectorAll("#_search .results a").length > 0`)
		b.do(chromedp.KeyEvent(kb.Escape))
		require.False(t, value[bool](b, open))
		b.press("/")
		b.until(open)
		const field = `document.querySelector("#_search input")`
		require.Equal(t, "watchdog", value[string](b, field+`.value`))
		require.Equal(t, len("watchdog"), value[int](b, field+`.selectionEnd - `+field+`.selectionStart`), "typing replaces it")
		b.do(chromedp.Click(chromedp.CSS("#_search button")))
		require.False(t, value[bool](b, open), "a phone has no Esc")
	})

	t.Run("the theme follows the system, and remembers a wish", func(t *testing.T) {
		b := b.in(t)
		const paper = `getComputedStyle(document.body).backgroundColor`
		b.prefer("light")
		b.open("/")
		light := value[string](b, paper)
		b.prefer("dark")
		dark := value[string](b, paper)
		require.NotEqual(t, light, dark)

		b.prefer("light")
		require.Equal(t, light, value[string](b, paper))
		b.press("d")
		require.Equal(t, dark, value[string](b, paper))
		b.open("/01-tcp.html")
		require.Equal(t, dark, value[string](b, paper), "on the next page too")
		b.do(chromedp.Click(chromedp.CSS("#_theme")))
		require.Equal(t, light, value[string](b, paper))
		require.True(t, value[bool](b, `localStorage.getItem("theme") === null`), "follows the system again")
	})

	t.Run("the copy button leaves out what is not typed", func(t *testing.T) {
		b := b.in(t)
		b.open("/00-start.html")
		value[bool](b, `navigator.clipboard.writeText = async (text) => { window.copied = text; }, true`)
		b.do(chromedp.Click(chromedp.CSS("figure.console .copy")))
		b.until(`window.copied === "go run ./docs doctor\n"`)
		b.until(`document.querySelector("figure.console .copy").textContent === "Copied"`)
	})

	t.Run("without scripts nothing is missing, and nothing is dead", func(t *testing.T) {
		b := b.in(t)
		call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		defer call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
		b.do(chromedp.EmulateViewport(390, 844))
		b.open("/00-start.html")
		require.False(t, value[bool](b, `document.documentElement.classList.contains("scripts")`), "no script has run")
		require.False(t, value[bool](b, `document.getElementById("_search-open").checkVisibility()`))
		require.False(t, value[bool](b, `document.getElementById("_theme").checkVisibility()`))
		require.Zero(t, value[int](b, `document.querySelectorAll(".copy").length`))
		b.do(chromedp.Click(chromedp.CSS(".menu")))
		b.until(`document.getElementById("_contents").checkVisibility()`)
		b.open("/00-start.html")
		b.do(chromedp.Click(chromedp.CSS("summary")))
		b.until(`document.querySelector("details p").checkVisibility()`)
		b.follow("/01-tcp.html", func() { b.do(chromedp.Click(chromedp.CSS(`.turn [rel="next"]`))) })
	})

	if file := os.Getenv("BOOK_SCREENSHOT"); file != "" {
		b := b.in(t)
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: "light"},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // or it would show a page that still scrolls
		}})
		b.do(chromedp.EmulateViewport(1280, 900))
		b.open("/")
		b.open("/01-tcp.html#when-accept-fails")
		b.until(`document.querySelector('[aria-current="location"]')?.hash === "#when-accept-fails"`)
		picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, picture, 0o644))
	}

	require.Empty(t, b.complained(), "in all of this")

	t.Run("the policy keeps a page from asking elsewhere", func(t *testing.T) {
		b := b.in(t)
		b.open("/")
		require.Equal(t, "refused", value[string](b,
			`fetch("http://127.0.0.1:1/").then(() => "allowed", () => "refused")`, chromedp.EvalAwaitPromise))
		require.NotEmpty(t, b.complained(), "and this test sees it")
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

// openBrowser starts a browser with an empty profile, or skips the test.
func openBrowser(t *testing.T, url string) (b *browser, quit func()) {
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skip("there is no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, // containers have no user namespaces
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancelLimit := context.WithTimeout(context.Background(), 5*time.Minute)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	ctx, cancelTab := chromedp.NewContext(ctx)
	b = &browser{ctx: ctx, url: url}
	require.NoError(t, chromedp.Do(ctx)) // starts it
	require.NoError(t, chromedp.Listen(ctx, b.watch))
	return b, func() {
		_ = chromedp.Cancel(ctx) // waits for the browser's end
		cancelTab()
		cancelAllocator()
		cancelLimit()
	}
}

// watch notes what a page must not do.
func (b *browser) watch(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		complaint = "console: " + string(e.Type)
	case *log.EventEntryAdded:
		complaint = "log: " + e.Entry.Text + " " + e.Entry.URL
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, b.url+"/") {
			return
		}
		complaint = "request: " + e.Request.URL
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, complaint)
}

func (b *browser) complained() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.complaints
}

// A tab is the browser's tab in the hands of one test.
type tab struct {
	*browser
	t *testing.T
}

func (b *browser) in(t *testing.T) tab { return tab{b, t} }

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, actions...))
}

// open opens a page of the book, and waits until its scripts have run.
func (b tab) open(page string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + page))
}

// press presses one key, as a person does: a page may keep the key from being typed.
func (b tab) press(key string) {
	b.t.Helper()
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key})
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
}

// follow does something that leads to another page, and waits until it is there.
func (b tab) follow(page string, do func()) {
	b.t.Helper()
	b.arrive(do)
	require.Equal(b.t, page, value[string](b, `location.pathname + location.hash`))
}

// arrive does something that leads to another page, wherever that is, and waits until it is there.
func (b tab) arrive(do func()) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.WaitEvent(cdppage.LoadEventFired, nil, chromedp.Func(func(context.Context, *chromedp.Target) error {
		do()
		return nil
	})))
	require.NoError(b.t, err)
}

// until waits until an expression is true.
func (b tab) until(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience)))
	require.NoError(b.t, err, expression)
}

// patience is for a browser on a machine that is busy.
const patience = time.Minute

// prefer sets what the system prefers: "light" or "dark".
func (b tab) prefer(theme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
	})
}

// value returns what an expression is in the page.
func value[T any](b tab, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, options...))
	require.NoError(b.t, err, expression)
	return result
}

func call[P, R any](b tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, command, params)
	require.NoError(b.t, err)
}
