package main_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/docs/local"
	"example.com/async/docs/play/models"
	"example.com/async/docs/play/parser"
	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// openPlays opens a browser on the book with these pictures, behind the guard as in the program.
func openPlays(t *testing.T, register ...func(*httpd.Router)) *browsertest.Tab {
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
	b, quit := browsertest.Start(t, "http://"+listener.Addr().String())
	t.Cleanup(quit)
	return b
}

// look prepares a page as a reader has it, and returns how to keep a picture of it: in the folder
// PLAY_SCREENSHOTS, if that is set.
func look(b browsertest.Page, width, height int64, theme string) (keep func(name, selector string)) {
	b.T.Helper()
	b.Size(width, height)
	b.Prefer(theme, "reduced motion")
	return func(name, selector string) {
		folder := os.Getenv("PLAY_SCREENSHOTS")
		if folder == "" {
			return
		}
		browsertest.Value[bool](b, `document.querySelector("`+selector+`").scrollIntoView(), scrollBy(0, -70), true`)
		require.NoError(b.T, os.WriteFile(folder+"/"+name+".png", b.Picture(), 0o644))
	}
}

const parserFigure = `figure.play[data-play='parser']`

func TestPlays_parserInABrowser(t *testing.T) {
	b := openPlays(t, parser.Register)
	const (
		verdict = `document.querySelector(".verdict").textContent`
		current = `document.querySelector(".states [aria-current]").textContent`
	)
	start := func(b browsertest.Page) {
		b.Open("/02-http.html")
		require.True(b.T, browsertest.Value[bool](b, `document.querySelector("`+parserFigure+` pre").checkVisibility()`), "the still picture")
		require.Zero(b.T, browsertest.Value[int](b, `document.querySelectorAll("`+parserFigure+` .bytes").length`), "nothing before Start")
		b.Click(parserFigure + ` .start`)
		b.Until(`document.querySelector("` + parserFigure + ` .bytes") !== null`)
	}
	choose := func(b browsertest.Page, name string) {
		browsertest.Value[bool](b, `[...document.querySelectorAll(".choices button")].find((b) => b.textContent === "`+name+`").click(), true`)
	}

	t.Run("an example is answered, and the cursor goes through it", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 1280, 1000, "light")
		start(b)
		b.Until(verdict + `.startsWith("Done Request 1 is answered with 200")`)
		require.Contains(t, browsertest.Value[string](b, `document.querySelector(".reply").textContent`), "Hello, world!")
		require.False(t, browsertest.Value[bool](b, `document.querySelector("`+parserFigure+` > figure.code").checkVisibility()`), "the still picture is gone")

		browsertest.Value[bool](b, `document.querySelector(".cursor input").focus(), true`)
		b.Press(kb.ArrowLeft)
		b.Until(verdict + `.startsWith("HeaderFields It waits")`)
		require.Equal(t, "(nothing yet)", browsertest.Value[string](b, `document.querySelector(".reply").textContent`))
		require.Equal(t, "/02-http.html", browsertest.Value[string](b, `location.pathname`), "the arrow is the picture's")
		b.Press(kb.Home)
		b.Until(verdict + `.startsWith("Start ")`)

		choose(b, "Chunks")
		b.Until(`document.querySelector(".reply").textContent.endsWith("hello again")`)
		b.Click(`.bytes [data-at="90"]`)
		b.Until(`document.querySelector(".count").textContent.startsWith("90 of ")`)
		keep("parser-1280-light", parserFigure)
	})

	t.Run("a hostile request is refused, with the rule", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 1280, 1000, "dark")
		start(b)
		for name, section := range map[string]string{
			"Smuggling": "rfc9112#section-6.1", "Two lengths": "rfc9112#section-6.3", "A signed length": "rfc9110#section-8.6",
			"A folded line": "rfc9112#section-5.2", "Space before the colon": "rfc9112#section-5.1", "A bare LF": "rfc9112#section-7.1",
			"Chunk size overflow": "rfc9112#section-7.1", "Too long a line": "rfc9112#section-3", "Too many fields": "rfc6585#section-5",
			"A NUL": "rfc9110#section-5.5",
		} {
			// From a byte that is not refused: otherwise the example before this one could be taken for it.
			browsertest.Value[bool](b, `document.querySelector('.bytes [data-at="1"]').click(), true`)
			b.Until(current + ` !== "Failed"`)
			choose(b, name)
			b.Until(current + ` === "Failed"`)
			// The cursor may have gone on to bytes that nobody reads: back to the one that was too much.
			browsertest.Value[bool](b, `document.querySelector(".bytes .is-Failed").click(), true`)
			b.Until(`document.querySelector(".verdict a")?.href.endsWith("` + section + `")`)
			require.Equal(t, "Failed", browsertest.Value[string](b, current), name)
		}
		choose(b, "Smuggling")
		b.Until(verdict + `.includes("does not look at what comes behind: 37 bytes")`)
		browsertest.Value[bool](b, `document.querySelector(".bytes .is-Failed").click(), true`)
		keep("parser-1280-dark", parserFigure)
		gallery(b, "parser", parserFigure+" .bytes", parserFigure)
	})

	t.Run("who wants motion sees the bytes arrive", func(t *testing.T) {
		b := b.In(t)
		b.Prefer("light") // which forgets that there should be none
		start(b)
		plays := b.Watch(`document.querySelector(".cursor button").textContent === "Pause"`)
		choose(b, "Two at once")
		plays()
		b.Until(verdict + `.startsWith("Done Request 2 is answered with 404. It is the last one")`)
		require.Equal(t, "Play", browsertest.Value[string](b, `document.querySelector(".cursor button").textContent`))
	})

	t.Run("what is typed is followed at once, on a phone", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 390, 844, "light")
		start(b)
		browsertest.Value[bool](b, `document.querySelector("`+parserFigure+` textarea").select(), true`)
		b.Press(`GET /\x41 HTTP/1.1`)
		b.Until(`document.querySelector(".count").textContent === "15 of 15 bytes"`)
		require.Contains(t, browsertest.Value[string](b, verdict), "RequestLine It waits")
		b.Press(kb.Enter)
		b.Until(verdict + `.startsWith("HeaderFields ")`)
		b.Press(kb.Enter)
		b.Until(verdict + `.includes("must have a Host field")`)
		require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "no sideways scrolling")
		keep("parser-390-light", parserFigure)
		keep("parser-390-light-end", parserFigure+" .sides")
	})
	require.Empty(t, b.Complained(), "in all of this")
}

const modelsFigure = `figure.play[data-play='models']`

func TestPlays_modelsInABrowser(t *testing.T) {
	b := openPlays(t, models.Register)
	const (
		drawn   = `document.querySelectorAll("section.model .lanes").length`
		waiting = `[...document.querySelectorAll("section.model .summary")].map((p) => parseFloat(/wait for an answer: ([\d.]+) ms/.exec(p.textContent)?.[1]))`
		allRan  = waiting + `.every((ms) => ms >= 0) && document.querySelectorAll("section.model").length === 4`
	)
	press := func(b browsertest.Page, before func()) {
		b.Open("/01-tcp.html")
		require.True(b.T, browsertest.Value[bool](b, `document.querySelector("`+modelsFigure+` pre").checkVisibility()`), "the still picture")
		before()
		b.Click(modelsFigure + ` .start`)
	}

	t.Run("every model runs, and one of them lets everybody wait", func(t *testing.T) {
		b := b.In(t)
		b.Size(1280, 900)
		b.Prefer("light")
		isDrawn := func() {}
		press(b, func() { isDrawn = b.Watch(`document.querySelector(".lanes .now") !== null`) })
		isDrawn() // while it goes on
		b.Until(allRan)
		require.Equal(t, 4, browsertest.Value[int](b, drawn))
		waits := browsertest.Value[[]float64](b, waiting)
		require.Greater(t, waits[0], 500.0, "for the slow one to go: %v", waits)
		for i, name := range []string{"one at a time", "a thread each", "a goroutine each", "an event loop"} {
			lanes := `document.querySelector("section.model[data-model='` + name + `'] .lanes")`
			require.Equal(t, 10, browsertest.Value[int](b, lanes+`.querySelectorAll(".mark.answer").length`), name)
			require.Equal(t, 4, browsertest.Value[int](b, lanes+`.querySelectorAll(".bar.serves").length`), name)
			require.Equal(t, 14.0, browsertest.Value[float64](b, lanes+`.querySelector(".bar.serves").getBoundingClientRect().height`), "a bar is as high as its lane")
			if i > 0 {
				require.Less(t, waits[i], waits[0], name)
			}
		}
		gallery(b, "models", "section.model", modelsFigure)
	})

	t.Run("without motion the result is the same, also on a phone", func(t *testing.T) {
		for name, width := range map[string]int64{"models-390-light": 390, "models-1280-dark": 1280} {
			b := b.In(t)
			theme := name[strings.LastIndex(name, "-")+1:]
			keep := look(b, width, 900, theme)
			press(b, func() {})
			b.Until(allRan)
			require.Zero(t, browsertest.Value[int](b, `document.querySelectorAll(".lanes .now").length`))
			require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), int(width), "no sideways scrolling")
			keep(name, modelsFigure)

			b.Click(`.again button:nth-of-type(3)`)
			b.Until(`document.querySelector("` + modelsFigure + ` .play-bar [role=status]").textContent.startsWith("a goroutine each: Longest")`)
		}
	})
	require.Empty(t, b.Complained(), "in all of this")
}

func TestPlays_stayStillWhereNothingIsLive(t *testing.T) {
	plays := openPlays(t)
	b := plays.In(t)
	b.Open("/02-http.html")
	b.Click(parserFigure + ` .start`)
	b.Until(`document.querySelector("` + parserFigure + ` [role=status]").textContent.includes("can't be reached")`)
	require.True(t, browsertest.Value[bool](b, `document.querySelector("`+parserFigure+` pre").checkVisibility()`), "the still picture")
	require.False(t, browsertest.Value[bool](b, `document.querySelector("`+parserFigure+` .start").disabled`), "one can try again")
}
