package main_test

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/internal/lesson"
)

// A picture of each slide, and the PDFs, are written into a folder by
//
//	SLIDES=/tmp/slides go test ./docs -run TestSlides
func TestSlides_inABrowser(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(),
		goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
	site, err := book.Build(os.DirFS("."), os.DirFS(".."))
	require.NoError(t, err)
	url, stop := serve(t, site)
	defer stop()
	b, quit := openBrowser(t, url)
	defer quit()
	decks, err := fs.Glob(site, "*.slides.html")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(decks), 6, "each step has slides")

	b.in(t).do(chromedp.EmulateViewport(1280, 720))
	for _, deck := range decks {
		t.Run("each slide fits: "+deck, func(t *testing.T) { eachSlideFits(b.in(t), deck) })
		t.Run("paper has a page for each slide: "+deck, func(t *testing.T) { printsEachSlide(b.in(t), deck) })
	}
	t.Run("keys, also a remote control's, move through the slides", func(t *testing.T) { movesByKeys(b.in(t)) })
	t.Run("p presents the section, and Esc leads back", func(t *testing.T) { presentsTheSection(b.in(t)) })
	t.Run("the presenter's window goes along", func(t *testing.T) { presentsInTwoWindows(b.in(t)) })
	require.Empty(t, b.complained())
}

// crowded lists what of the current slide can't be seen or read from the last row: what would have to
// be scrolled, and letters that are too small: of code below 11, of text below 14 of a projector's 720 lines.
const crowded = `(() => {
	const slide = document.querySelector(".slide.current");
	const limits = slide.getBoundingClientRect();
	const wrong = [];
	for (const box of slide.querySelectorAll("*")) {
		if (!box.checkVisibility({ contentVisibilityAuto: true })) continue; // a folded answer
		const own = box.getBoundingClientRect();
		if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible") wrong.push(box.localName + " is too wide");
		if (box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY !== "visible") wrong.push(box.localName + " is too high");
		if (own.bottom > limits.bottom + 1 || own.right > limits.right + 1) wrong.push(box.localName + " is outside");
		if (box.localName === "pre" && parseFloat(getComputedStyle(box).fontSize) < 11) wrong.push("the code is too small");
		if (box.matches("p, li") && parseFloat(getComputedStyle(box).fontSize) < 14 && !box.matches(".foot")) wrong.push("the text is too small");
	}
	return wrong.join(", ");
})()`

func eachSlideFits(b tab, deck string) {
	b.open("/" + deck)
	count := value[int](b, `document.querySelectorAll(".slide").length`)
	require.GreaterOrEqual(b.t, count, 5)
	for i := range count {
		number := fmt.Sprintf("#slide-%d", i)
		require.Equal(b.t, number, value[string](b, `location.hash`))
		require.Empty(b.t, value[string](b, crowded), number)
		b.picture(deck, number)
		// Each answer is unfolded, and then comes the next slide.
		for range value[int](b, `document.querySelectorAll(".slide.current details").length`) {
			b.do(chromedp.KeyEvent(kb.PageDown))
			require.Empty(b.t, value[string](b, crowded), "%s, unfolded", number)
		}
		require.Zero(b.t, value[int](b, `document.querySelectorAll(".slide.current details:not([open])").length`))
		b.picture(deck, number+"-answers")
		b.do(chromedp.KeyEvent(kb.PageDown))
	}
	require.Equal(b.t, fmt.Sprintf("#slide-%d", count-1), value[string](b, `location.hash`), "the last one stays")
}

// picture writes what is seen into the folder that SLIDES names.
func (b tab) picture(deck, number string) {
	folder := os.Getenv("SLIDES")
	if folder == "" || strings.HasSuffix(number, "-answers") && value[int](b, `document.querySelectorAll(".slide.current details").length`) == 0 {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	name := strings.TrimSuffix(deck, ".slides.html") + strings.TrimPrefix(number, "#slide")
	require.NoError(b.t, os.WriteFile(folder+"/"+name+".png", picture, 0o644))
}

var (
	pdfPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)
	pdfSize = regexp.MustCompile(`/MediaBox\s*\[0 0 960 540\]`) // points: 1280 by 720
)

func printsEachSlide(b tab, deck string) {
	b.open("/" + deck)
	count := value[int](b, `document.querySelectorAll(".slide").length`)
	printed, err := chromedp.Call(b.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PrintBackground: new(true), PreferCSSPageSize: new(true)})
	require.NoError(b.t, err)
	pdf := printed.Data
	require.Len(b.t, pdfPage.FindAll(pdf, -1), count)
	require.Len(b.t, pdfSize.FindAll(pdf, -1), count)
	if folder := os.Getenv("SLIDES"); folder != "" {
		require.NoError(b.t, os.WriteFile(folder+"/"+strings.TrimSuffix(deck, ".html")+".pdf", pdf, 0o644))
	}

	// What was measured for the screen must fit on paper.
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	defer call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	require.Empty(b.t, value[string](b, `dispatchEvent(new Event("beforeprint")), [...document.querySelectorAll(".content")]
		.filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
		.map((box) => box.parentElement.id).join(" ")`))
}

func movesByKeys(b tab) {
	b.open("/01-tcp.slides.html")
	at := func(slide string) {
		b.t.Helper()
		require.Equal(b.t, slide, value[string](b, `document.querySelector(".slide.current").id`))
	}
	type step struct{ key, slide string }
	for _, s := range []step{
		{kb.PageDown, "slide-1"}, {kb.ArrowRight, "slide-2"}, {" ", "slide-3"}, {kb.ArrowDown, "slide-4"},
		{kb.PageUp, "slide-3"}, {kb.ArrowLeft, "slide-2"}, {kb.ArrowUp, "slide-1"}, {kb.Home, "slide-0"}, {kb.PageUp, "slide-0"},
	} {
		b.do(chromedp.KeyEvent(s.key))
		at(s.slide)
	}

	const black = `getComputedStyle(document.body, "::after").position === "fixed"`
	for _, key := range []string{"b", "."} {
		b.press(key)
		require.True(b.t, value[bool](b, black), key)
		b.press(key)
		require.False(b.t, value[bool](b, black), key)
	}
	b.press("b")
	b.do(chromedp.KeyEvent(kb.PageDown))
	at("slide-1")
	require.False(b.t, value[bool](b, black), "who goes on wants to be seen")

	b.do(chromedp.KeyEvent(kb.End))
	require.Equal(b.t, 1, value[int](b, `document.querySelectorAll(".slide.current").length`))
	require.True(b.t, value[bool](b, `document.querySelector(".slide.current") === [...document.querySelectorAll(".slide")].at(-1)`))
	b.open("/01-tcp.slides.html#slide-7")
	at("slide-7") // after a reload
	b.press("?")
	require.True(b.t, value[bool](b, `document.getElementById("_keys").open`))
}

func presentsTheSection(b tab) {
	b.open("/01-tcp.html#when-accept-fails")
	b.until(`document.querySelector('[aria-current="location"]')?.hash === "#when-accept-fails"`)
	b.arrive(func() { b.press("p") })
	require.Equal(b.t, "/01-tcp.slides.html", value[string](b, `location.pathname`))
	require.Equal(b.t, "when-accept-fails", value[string](b, `document.querySelector(".slide.current").dataset.section`))
	b.open("/01-tcp.slides.html#the-rules") // which has no slide
	require.Equal(b.t, "break-it", value[string](b, `document.querySelector(".slide.current").dataset.section`))
	b.do(chromedp.KeyEvent(kb.End))
	b.follow("/01-tcp.html#what-go-does-for-you", func() { b.do(chromedp.KeyEvent(kb.Escape)) })
	b.open("/00-start.html")
	b.press("p") // no slides: nothing happens
	require.Equal(b.t, "/00-start.html", value[string](b, `location.pathname`))
}

func presentsInTwoWindows(class tab) {
	class.open("/01-tcp.slides.html#slide-3")
	opened := chromedp.WaitNewTarget(class.ctx, func(info *target.Info) bool { return strings.Contains(info.URL, "#notes-3") })
	class.press("s")
	ctx, cancel := chromedp.NewContext(class.ctx, chromedp.WithTargetID(<-opened))
	defer cancel()
	presenter := tab{&browser{ctx: ctx, url: class.url}, class.t}
	const current = `document.querySelector(".slide.current").id`

	presenter.until(`document.documentElement.classList.contains("presenter")`)
	require.Equal(class.t, "slide-3", value[string](presenter, current))
	require.True(class.t, value[bool](presenter, `document.querySelector(".note.current").checkVisibility()`))
	require.True(class.t, value[bool](presenter, `document.getElementById("slide-4").checkVisibility()`), "the next slide is seen")
	require.False(class.t, value[bool](class, `document.querySelector(".note.current").checkVisibility()`))
	require.False(class.t, value[bool](class, `document.getElementById("notes").checkVisibility()`))

	// Who moves, moves both.
	presenter.do(chromedp.KeyEvent(kb.PageDown))
	class.until(current + ` === "slide-4"`)
	class.do(chromedp.KeyEvent(kb.PageDown))
	presenter.until(`document.querySelector(".slide.current details").open`)
	require.Equal(class.t, "slide-4", value[string](presenter, current), "an answer is unfolded first")
	require.Contains(class.t, value[string](presenter, `document.querySelector(".note.current").textContent`), "file descriptor", "who presents has seen it")
	class.press("b")
	presenter.until(`document.getElementById("_following").textContent.startsWith("The class sees black.")`)
	presenter.press("b")
	class.until(`!document.documentElement.classList.contains("black")`)

	// The clock runs since the first move. Slide 4 is due after the minutes of the three before.
	due := value[int](class, `[1, 2, 3].reduce((sum, i) => sum + Number(document.getElementById("slide-" + i).dataset.minutes), 0)`)
	presenter.until(`document.getElementById("_actual").textContent !== "0:00"`)
	require.Contains(class.t, value[string](presenter, `document.getElementById("_planned").textContent`), fmt.Sprintf("planned: %d to ", due))
	require.Equal(class.t, fmt.Sprintf("%d min early", due), value[string](presenter, `document.getElementById("_pace").textContent`))
	presenter.do(chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.PageDown))
	require.Equal(class.t, "on time", value[string](presenter, `document.getElementById("_pace").textContent`))
	value[bool](presenter, `window.realNow = Date.now, Date.now = () => realNow() + 10 * 60000, true`)
	presenter.until(`/^[5-9] min late$/.test(document.getElementById("_pace").textContent)`)
	value[bool](presenter, `Date.now = realNow, true`)

	// It stands still when it is stopped, and the class's window knows it when this one comes anew.
	presenter.do(chromedp.Click(chromedp.CSS("#_pause")))
	stopped := value[string](presenter, `document.getElementById("_actual").textContent`)
	presenter.do(chromedp.Reload())
	presenter.until(`document.getElementById("_actual").textContent === "` + stopped + `"`)
	require.Equal(class.t, "Start the clock", value[string](presenter, `document.getElementById("_pause").textContent`))
	presenter.do(chromedp.Click(chromedp.CSS("#_reset")))
	require.Equal(class.t, "0:00", value[string](presenter, `document.getElementById("_actual").textContent`))
	presenter.do(chromedp.KeyEvent(" "))
	class.until(current + ` === "slide-2"`) // the space is for the slides, and not for the button

	// What another page says on the channel is not believed.
	value[bool](presenter, `new BroadcastChannel("slides " + location.pathname).postMessage({ slide: 1e9, black: true, open: [], clock: {} }), true`)
	presenter.do(chromedp.KeyEvent(kb.PageDown))
	class.until(current + ` === "slide-3"`)
	require.False(class.t, value[bool](class, `document.documentElement.classList.contains("black")`))
	presenter.gallery("presenter", "", "")
	class.gallery("slide", "", "")
}
