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
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/book"
	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
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
	b, quit := browsertest.Start(t, url)
	defer quit()
	decks, err := fs.Glob(site, "*.slides.html")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(decks), 6, "each step has slides")

	b.In(t).Size(1280, 720)
	for _, deck := range decks {
		t.Run("each slide fits: "+deck, func(t *testing.T) { eachSlideFits(b.In(t), deck) })
		t.Run("paper has a page for each slide: "+deck, func(t *testing.T) { printsEachSlide(b.In(t), deck) })
	}
	t.Run("keys, also a remote control's, move through the slides", func(t *testing.T) { movesByKeys(b.In(t)) })
	t.Run("p presents the section, and Esc leads back", func(t *testing.T) { presentsTheSection(b.In(t)) })
	t.Run("the presenter's window goes along", func(t *testing.T) { presentsInTwoWindows(b.In(t)) })
	require.Empty(t, b.Complained())
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

func eachSlideFits(b browsertest.Page, deck string) {
	b.Open("/" + deck)
	count := browsertest.Value[int](b, `document.querySelectorAll(".slide").length`)
	require.GreaterOrEqual(b.T, count, 5)
	for i := range count {
		number := fmt.Sprintf("#slide-%d", i)
		require.Equal(b.T, number, browsertest.Value[string](b, `location.hash`))
		require.Empty(b.T, browsertest.Value[string](b, crowded), number)
		picture(b, deck, number)
		// Each answer is unfolded, and then comes the next slide.
		for range browsertest.Value[int](b, `document.querySelectorAll(".slide.current details").length`) {
			b.Press(kb.PageDown)
			require.Empty(b.T, browsertest.Value[string](b, crowded), "%s, unfolded", number)
		}
		require.Zero(b.T, browsertest.Value[int](b, `document.querySelectorAll(".slide.current details:not([open])").length`))
		picture(b, deck, number+"-answers")
		b.Press(kb.PageDown)
	}
	require.Equal(b.T, fmt.Sprintf("#slide-%d", count-1), browsertest.Value[string](b, `location.hash`), "the last one stays")
}

// picture writes what is seen into the folder that SLIDES names.
func picture(b browsertest.Page, deck, number string) {
	folder := os.Getenv("SLIDES")
	if folder == "" || strings.HasSuffix(number, "-answers") && browsertest.Value[int](b, `document.querySelectorAll(".slide.current details").length`) == 0 {
		return
	}
	name := strings.TrimSuffix(deck, ".slides.html") + strings.TrimPrefix(number, "#slide")
	require.NoError(b.T, os.WriteFile(folder+"/"+name+".png", b.Picture(), 0o644))
}

var (
	pdfPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)
	pdfSize = regexp.MustCompile(`/MediaBox\s*\[0 0 960 540\]`) // points: 1280 by 720
)

func printsEachSlide(b browsertest.Page, deck string) {
	b.Open("/" + deck)
	count := browsertest.Value[int](b, `document.querySelectorAll(".slide").length`)
	pdf := browsertest.Call(b, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PrintBackground: new(true), PreferCSSPageSize: new(true)}).Data
	require.Len(b.T, pdfPage.FindAll(pdf, -1), count)
	require.Len(b.T, pdfSize.FindAll(pdf, -1), count)
	if folder := os.Getenv("SLIDES"); folder != "" {
		require.NoError(b.T, os.WriteFile(folder+"/"+strings.TrimSuffix(deck, ".html")+".pdf", pdf, 0o644))
	}

	// What was measured for the screen must fit on paper.
	browsertest.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	defer browsertest.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	require.Empty(b.T, browsertest.Value[string](b, `dispatchEvent(new Event("beforeprint")), [...document.querySelectorAll(".content")]
		.filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
		.map((box) => box.parentElement.id).join(" ")`))
}

func movesByKeys(b browsertest.Page) {
	b.Open("/01-tcp.slides.html")
	at := func(slide string) {
		b.T.Helper()
		require.Equal(b.T, slide, browsertest.Value[string](b, `document.querySelector(".slide.current").id`))
	}
	type step struct{ key, slide string }
	for _, s := range []step{
		{kb.PageDown, "slide-1"}, {kb.ArrowRight, "slide-2"}, {" ", "slide-3"}, {kb.ArrowDown, "slide-4"},
		{kb.PageUp, "slide-3"}, {kb.ArrowLeft, "slide-2"}, {kb.ArrowUp, "slide-1"}, {kb.Home, "slide-0"}, {kb.PageUp, "slide-0"},
	} {
		b.Press(s.key)
		at(s.slide)
	}

	const black = `getComputedStyle(document.body, "::after").position === "fixed"`
	for _, key := range []string{"b", "."} {
		b.Press(key)
		require.True(b.T, browsertest.Value[bool](b, black), key)
		b.Press(key)
		require.False(b.T, browsertest.Value[bool](b, black), key)
	}
	b.Press("b")
	b.Press(kb.PageDown)
	at("slide-1")
	require.False(b.T, browsertest.Value[bool](b, black), "who goes on wants to be seen")

	b.Press(kb.End)
	require.Equal(b.T, 1, browsertest.Value[int](b, `document.querySelectorAll(".slide.current").length`))
	require.True(b.T, browsertest.Value[bool](b, `document.querySelector(".slide.current") === [...document.querySelectorAll(".slide")].at(-1)`))
	b.Open("/01-tcp.slides.html#slide-7")
	at("slide-7") // after a reload
	b.Press("?")
	require.True(b.T, browsertest.Value[bool](b, `document.getElementById("_keys").open`))
}

func presentsTheSection(b browsertest.Page) {
	b.Open("/01-tcp.html#when-accept-fails")
	b.Until(`document.querySelector('[aria-current="location"]')?.hash === "#when-accept-fails"`)
	b.Arrive(func() { b.Press("p") })
	require.Equal(b.T, "/01-tcp.slides.html", browsertest.Value[string](b, `location.pathname`))
	require.Equal(b.T, "when-accept-fails", browsertest.Value[string](b, `document.querySelector(".slide.current").dataset.section`))
	b.Open("/01-tcp.slides.html#the-rules") // which has no slide
	require.Equal(b.T, "break-it", browsertest.Value[string](b, `document.querySelector(".slide.current").dataset.section`))
	b.Press(kb.End)
	b.Follow("/01-tcp.html#what-go-does-for-you", func() { b.Press(kb.Escape) })
	b.Open("/00-start.html")
	b.Press("p") // no slides: nothing happens
	require.Equal(b.T, "/00-start.html", browsertest.Value[string](b, `location.pathname`))
}

func presentsInTwoWindows(class browsertest.Page) {
	class.Open("/01-tcp.slides.html#slide-3")
	window := class.Opens(class.T, "#notes-3", func() { class.Press("s") })
	defer window.Close()
	presenter := window.In(class.T)
	const current = `document.querySelector(".slide.current").id`

	presenter.Until(`document.documentElement.classList.contains("presenter")`)
	require.Equal(class.T, "slide-3", browsertest.Value[string](presenter, current))
	require.True(class.T, browsertest.Value[bool](presenter, `document.querySelector(".note.current").checkVisibility()`))
	require.True(class.T, browsertest.Value[bool](presenter, `document.getElementById("slide-4").checkVisibility()`), "the next slide is seen")
	require.False(class.T, browsertest.Value[bool](class, `document.querySelector(".note.current").checkVisibility()`))
	require.False(class.T, browsertest.Value[bool](class, `document.getElementById("notes").checkVisibility()`))

	// Who moves, moves both.
	presenter.Press(kb.PageDown)
	class.Until(current + ` === "slide-4"`)
	class.Press(kb.PageDown)
	presenter.Until(`document.querySelector(".slide.current details").open`)
	require.Equal(class.T, "slide-4", browsertest.Value[string](presenter, current), "an answer is unfolded first")
	require.Contains(class.T, browsertest.Value[string](presenter, `document.querySelector(".note.current").textContent`), "file descriptor", "who presents has seen it")
	class.Press("b")
	presenter.Until(`document.getElementById("_following").textContent.startsWith("The class sees black.")`)
	presenter.Press("b")
	class.Until(`!document.documentElement.classList.contains("black")`)

	// The clock runs since the first move, and plans from there: slide 5 is due after the minutes of slide 4, wherever that is in the chapter.
	const planned = `document.getElementById("_planned").textContent`
	minutes := browsertest.Value[[]int](class, `[...document.querySelectorAll(".slide")].map((slide) => Number(slide.dataset.minutes))`)
	all := 0
	for _, m := range minutes[4:] {
		all += m
	}
	presenter.Until(`document.getElementById("_actual").textContent !== "0:00"`)
	require.Equal(class.T, fmt.Sprintf("planned: 0 to %d of %d min", minutes[4], all), browsertest.Value[string](presenter, planned))
	require.Equal(class.T, "on time", browsertest.Value[string](presenter, `document.getElementById("_pace").textContent`))
	presenter.Press(kb.PageDown)
	require.Equal(class.T, fmt.Sprintf("planned: %d to %d of %d min", minutes[4], minutes[4]+minutes[5], all), browsertest.Value[string](presenter, planned))
	require.Equal(class.T, fmt.Sprintf("%d min early", minutes[4]), browsertest.Value[string](presenter, `document.getElementById("_pace").textContent`))
	presenter.Press(kb.Home + kb.PageDown)
	require.Equal(class.T, "on time", browsertest.Value[string](presenter, `document.getElementById("_pace").textContent`))
	browsertest.Value[bool](presenter, `window.realNow = Date.now, Date.now = () => realNow() + 10 * 60000, true`)
	presenter.Until(`/^[5-9] min late$/.test(document.getElementById("_pace").textContent)`)
	browsertest.Value[bool](presenter, `Date.now = realNow, true`)

	// It stands still when it is stopped, and the class's window knows it when this one comes anew.
	presenter.Click("#_pause")
	stopped := browsertest.Value[string](presenter, `document.getElementById("_actual").textContent`)
	presenter.Do(chromedp.Reload())
	presenter.Until(`document.getElementById("_actual").textContent === "` + stopped + `"`)
	require.Equal(class.T, "Start the clock", browsertest.Value[string](presenter, `document.getElementById("_pause").textContent`))
	presenter.Click("#_reset")
	require.Equal(class.T, "0:00", browsertest.Value[string](presenter, `document.getElementById("_actual").textContent`))
	presenter.Press(" ")
	class.Until(current + ` === "slide-2"`) // the space is for the slides, and not for the button

	// What another page says on the channel is not believed.
	browsertest.Value[bool](presenter, `new BroadcastChannel("slides " + location.pathname).postMessage({ slide: 1, black: true, open: [], clock: { started: 0, ran: 0 } }), true`)
	presenter.Press(kb.PageDown)
	class.Until(current + ` === "slide-3"`)
	require.False(class.T, browsertest.Value[bool](class, `document.documentElement.classList.contains("black")`))
	require.Empty(class.T, window.Complained())
	gallery(presenter, "presenter", "", "")
	gallery(class, "slide", "", "")
}
