package main_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/docs/local"
	"example.com/async/docs/play/models"
	"example.com/async/docs/play/parser"
	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// openPlays opens a browser on the book with these pictures, behind the guard as in the program.
func openPlays(t *testing.T, register ...func(*httpd.Router)) *browser {
	t.Helper()
	lesson.PlainOnly(t, "it starts a browser")
	ignored := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		goleak.VerifyNone(t, ignored, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
	})
	site, err := book.Build(os.DirFS("."), os.DirFS(".."))
	require.NoError(t, err)
	pages, err := book.Handler(site)
	require.NoError(t, err)
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	live, router := new(httpd.Router), new(httpd.Router)
	for _, add := range register {
		add(live)
	}
	router.Handle("POST", "/live/{path...}", local.NewGuard(listener.Addr()).Protect(live))
	router.Handle("GET", "/{path...}", pages)

	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- (&httpd.Server{Handler: router}).Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-served)
	})
	b, quit := openBrowser(t, "http://"+listener.Addr().String())
	t.Cleanup(quit)
	return b
}

// look prepares a page as a reader has it, and returns how to keep a picture of it: in the folder
// PLAY_SCREENSHOTS, if that is set.
func (b tab) look(width, height int64, theme string) (keep func(name, selector string)) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	return func(name, selector string) {
		folder := os.Getenv("PLAY_SCREENSHOTS")
		if folder == "" {
			return
		}
		value[bool](b, `document.querySelector("`+selector+`").scrollIntoView(), scrollBy(0, -70), true`)
		picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		require.NoError(b.t, err)
		require.NoError(b.t, os.WriteFile(folder+"/"+name+".png", picture, 0o644))
	}
}

const parserFigure = `figure.play[data-play='parser']`

func TestPlays_parserInABrowser(t *testing.T) {
	b := openPlays(t, parser.Register)
	const (
		verdict = `document.querySelector(".verdict").textContent`
		current = `document.querySelector(".states [aria-current]").textContent`
	)
	start := func(b tab) {
		b.open("/02-http.html")
		require.True(b.t, value[bool](b, `document.querySelector("`+parserFigure+` pre").checkVisibility()`), "the still picture")
		require.Zero(b.t, value[int](b, `document.querySelectorAll("`+parserFigure+` .bytes").length`), "nothing before Start")
		b.do(chromedp.Click(chromedp.CSS(parserFigure + ` .start`)))
		b.until(`document.querySelector("` + parserFigure + ` .bytes") !== null`)
	}
	choose := func(b tab, name string) {
		value[bool](b, `[...document.querySelectorAll(".choices button")].find((b) => b.textContent === "`+name+`").click(), true`)
	}

	t.Run("an example is answered, and the cursor goes through it", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(1280, 1000, "light")
		start(b)
		b.until(verdict + `.startsWith("Done Request 1 is answered with 200")`)
		require.Contains(t, value[string](b, `document.querySelector(".reply").textContent`), "Hello, world!")
		require.False(t, value[bool](b, `document.querySelector("`+parserFigure+` > figure.code").checkVisibility()`), "the still picture is gone")

		value[bool](b, `document.querySelector(".cursor input").focus(), true`)
		b.do(chromedp.KeyEvent(kb.ArrowLeft))
		b.until(verdict + `.startsWith("HeaderFields It waits")`)
		require.Equal(t, "(nothing yet)", value[string](b, `document.querySelector(".reply").textContent`))
		require.Equal(t, "/02-http.html", value[string](b, `location.pathname`), "the arrow is the picture's")
		b.do(chromedp.KeyEvent(kb.Home))
		b.until(verdict + `.startsWith("Start ")`)

		choose(b, "Chunks")
		b.until(`document.querySelector(".reply").textContent.endsWith("hello again")`)
		b.do(chromedp.Click(chromedp.CSS(`.bytes [data-at="90"]`)))
		b.until(`document.querySelector(".count").textContent.startsWith("90 of ")`)
		keep("parser-1280-light", parserFigure)
	})

	t.Run("a hostile request is refused, with the rule", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(1280, 1000, "dark")
		start(b)
		for name, section := range map[string]string{
			"Smuggling": "rfc9112#section-6.1", "Two lengths": "rfc9112#section-6.3", "A signed length": "rfc9110#section-8.6",
			"A folded line": "rfc9112#section-5.2", "Space before the colon": "rfc9112#section-5.1", "A bare LF": "rfc9112#section-7.1",
			"Chunk size overflow": "rfc9112#section-7.1", "Too long a line": "rfc9112#section-3", "Too many fields": "rfc6585#section-5",
			"A NUL": "rfc9110#section-5.5",
		} {
			// From a byte that is not refused: otherwise the example before this one could be taken for it.
			value[bool](b, `document.querySelector('.bytes [data-at="1"]').click(), true`)
			b.until(current + ` !== "Failed"`)
			choose(b, name)
			b.until(current + ` === "Failed"`)
			// The cursor may have gone on to bytes that nobody reads: back to the one that was too much.
			value[bool](b, `document.querySelector(".bytes .is-Failed").click(), true`)
			b.until(`document.querySelector(".verdict a")?.href.endsWith("` + section + `")`)
			require.Equal(t, "Failed", value[string](b, current), name)
		}
		choose(b, "Smuggling")
		b.until(verdict + `.includes("does not look at what comes behind: 37 bytes")`)
		value[bool](b, `document.querySelector(".bytes .is-Failed").click(), true`)
		keep("parser-1280-dark", parserFigure)
		b.gallery("parser", parserFigure+" .bytes", parserFigure)
	})

	t.Run("who wants motion sees the bytes arrive", func(t *testing.T) {
		b := b.in(t)
		b.prefer("light") // which forgets that there should be none
		start(b)
		choose(b, "Two at once")
		b.until(`document.querySelector(".cursor button").textContent === "Pause"`)
		b.until(verdict + `.startsWith("Done Request 2 is answered with 404. It is the last one")`)
		require.Equal(t, "Play", value[string](b, `document.querySelector(".cursor button").textContent`))
	})

	t.Run("what is typed is followed at once, on a phone", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(390, 844, "light")
		start(b)
		value[bool](b, `document.querySelector("`+parserFigure+` textarea").select(), true`)
		b.do(chromedp.KeyEvent(`GET /\x41`), chromedp.KeyEvent(" HTTP/1.1"))
		b.until(`document.querySelector(".count").textContent === "15 of 15 bytes"`)
		require.Contains(t, value[string](b, verdict), "RequestLine It waits")
		b.do(chromedp.KeyEvent(kb.Enter))
		b.until(verdict + `.startsWith("HeaderFields ")`)
		b.do(chromedp.KeyEvent(kb.Enter))
		b.until(verdict + `.includes("must have a Host field")`)
		require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), 390, "no sideways scrolling")
		keep("parser-390-light", parserFigure)
		keep("parser-390-light-end", parserFigure+" .sides")
	})
	require.Empty(t, b.complained(), "in all of this")
}

const modelsFigure = `figure.play[data-play='models']`

func TestPlays_modelsInABrowser(t *testing.T) {
	b := openPlays(t, models.Register)
	const (
		drawn   = `document.querySelectorAll("section.model .lanes").length`
		waiting = `[...document.querySelectorAll("section.model .summary")].map((p) => parseFloat(/wait for an answer: ([\d.]+) ms/.exec(p.textContent)?.[1]))`
		allRan  = waiting + `.every((ms) => ms >= 0) && document.querySelectorAll("section.model").length === 4`
	)
	press := func(b tab) {
		b.open("/01-tcp.html")
		require.True(b.t, value[bool](b, `document.querySelector("`+modelsFigure+` pre").checkVisibility()`), "the still picture")
		b.do(chromedp.Click(chromedp.CSS(modelsFigure + ` .start`)))
	}

	t.Run("every model runs, and one of them lets everybody wait", func(t *testing.T) {
		b := b.in(t)
		b.do(chromedp.EmulateViewport(1280, 900))
		b.prefer("light")
		press(b)
		b.until(`document.querySelector(".lanes .now") !== null`) // it is drawn while it goes on
		b.until(allRan)
		require.Equal(t, 4, value[int](b, drawn))
		waits := value[[]float64](b, waiting)
		require.Greater(t, waits[0], 500.0, "for the slow one to go: %v", waits)
		for i, name := range []string{"one at a time", "a thread each", "a goroutine each", "an event loop"} {
			lanes := `document.querySelector("section.model[data-model='` + name + `'] .lanes")`
			require.Equal(t, 10, value[int](b, lanes+`.querySelectorAll(".mark.answer").length`), name)
			require.Equal(t, 4, value[int](b, lanes+`.querySelectorAll(".bar.serves").length`), name)
			require.Equal(t, 14.0, value[float64](b, lanes+`.querySelector(".bar.serves").getBoundingClientRect().height`), "a bar is as high as its lane")
			if i > 0 {
				require.Less(t, waits[i], waits[0], name)
			}
		}
		b.gallery("models", "section.model", modelsFigure)
	})

	t.Run("without motion the result is the same, also on a phone", func(t *testing.T) {
		for name, width := range map[string]int64{"models-390-light": 390, "models-1280-dark": 1280} {
			b := b.in(t)
			theme := name[strings.LastIndex(name, "-")+1:]
			keep := b.look(width, 900, theme)
			press(b)
			b.until(allRan)
			require.Zero(t, value[int](b, `document.querySelectorAll(".lanes .now").length`))
			require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), int(width), "no sideways scrolling")
			keep(name, modelsFigure)

			b.do(chromedp.Click(chromedp.CSS(`.again button:nth-of-type(3)`)))
			b.until(`document.querySelector("` + modelsFigure + ` .play-bar [role=status]").textContent.startsWith("a goroutine each: Longest")`)
		}
	})
	require.Empty(t, b.complained(), "in all of this")
}

func TestPlays_stayStillWhereNothingIsLive(t *testing.T) {
	plays := openPlays(t)
	b := plays.in(t)
	b.open("/02-http.html")
	b.do(chromedp.Click(chromedp.CSS(parserFigure + ` .start`)))
	b.until(`document.querySelector("` + parserFigure + ` [role=status]").textContent.includes("can't be reached")`)
	require.True(t, value[bool](b, `document.querySelector("`+parserFigure+` pre").checkVisibility()`), "the still picture")
	require.False(t, value[bool](b, `document.querySelector("`+parserFigure+` .start").disabled`), "one can try again")
}
