package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/docs/play/scheduler"
)

const schedulerFigure = `figure.play[data-play='scheduler']`

func TestPlays_schedulerInABrowser(t *testing.T) {
	b := openPlays(t, scheduler.Register)
	start := func(b tab) {
		b.open("/03-statemachine.html")
		require.True(b.t, value[bool](b, `document.querySelector("`+schedulerFigure+` img").checkVisibility()`), "the still picture")
		b.do(chromedp.Click(chromedp.CSS(schedulerFigure + ` .start`)))
		b.until(`document.querySelector(".scheduler .next button") !== null`)
	}
	const (
		status = `document.querySelector(".scheduler .last").textContent`
		state  = `document.querySelector(".scheduler .last").dataset.state`
	)
	step := func(b tab, key, then string) {
		b.t.Helper()
		b.press(key)
		b.until(status + `.includes("` + then + `")`)
	}
	choose := func(b tab, program string) {
		value[bool](b, `{ const s = document.querySelector(".scheduler select"); s.value = "`+program+`"; s.dispatchEvent(new Event("change")); true }`)
		b.until(`document.querySelector(".scheduler .source").textContent.includes("func ` + program + `(")`)
		value[bool](b, `document.querySelector(".scheduler .next").focus(), true`)
	}

	t.Run("by keys, up to the lost wake-up, and back", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(1280, 1000, "light")
		start(b)
		require.Equal(t, []string{"1 event: set done", "2 poll waiter"},
			value[[]string](b, `[...document.querySelectorAll(".scheduler .next button")].map((b) => b.textContent)`))
		step(b, "2", "Step 1")
		step(b, "1", "Step 2")
		step(b, "1", "Step 3")
		require.Equal(t, "goes on", value[string](b, state))
		step(b, "1", "Step 4")
		require.Equal(t, "lost", value[string](b, state))
		require.Contains(t, value[string](b, status), "Lost wake-up: waiter was polled in step 1")
		require.Equal(t, 1, value[int](b, `document.querySelectorAll(".scheduler-lanes .lost").length`))
		require.Equal(t, 5, value[int](b, `document.querySelectorAll(".scheduler ol li").length`), "all in words")
		require.Contains(t, value[string](b, `document.querySelector(".scheduler .test").textContent`), `"waiter event event waiter", scheduler.Program("hasty")`)
		keep("scheduler-1280-light", schedulerFigure)
		b.gallery("scheduler", ".scheduler .sides", schedulerFigure)

		step(b, kb.Backspace, "Step 3")
		require.Equal(t, "/03-statemachine.html", value[string](b, `location.pathname`))
		step(b, "r", "At first")
		step(b, "9", "At first") // there is no ninth choice
	})

	t.Run("the explorer shows the order, and the test can be taken", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(1280, 1000, "dark")
		start(b)
		choose(b, "forgetful")
		value[bool](b, `[...document.querySelectorAll(".scheduler button")].find((b) => b.textContent.includes("explorer")).click(), true`)
		b.until(state + ` === "lost"`)
		require.Contains(t, value[string](b, status), "hello returned pending")
		keep("scheduler-1280-dark", schedulerFigure)

		value[bool](b, `navigator.clipboard.writeText = async (text) => { window.copied = text; }, true`)
		value[bool](b, `HTMLAnchorElement.prototype.click = function () { window.taken = this.download; }, true`)
		b.do(chromedp.Click(chromedp.CSS(`.scheduler .save summary`)))
		for _, name := range []string{"Copy", "Download"} {
			value[bool](b, `[...document.querySelectorAll(".scheduler .save button")].find((b) => b.textContent === "`+name+`").click(), true`)
		}
		b.until(`window.copied?.startsWith("package scheduler_test") && window.taken === "saved_test.go"`)
		keep("scheduler-1280-dark-save", ".scheduler .save")

		choose(b, "careful")
		value[bool](b, `[...document.querySelectorAll(".scheduler button")].find((b) => b.textContent.includes("explorer")).click(), true`)
		b.until(`document.querySelector(".scheduler .found").textContent.includes("none loses a wake-up")`)
		keep("scheduler-1280-dark-careful", schedulerFigure)
	})

	t.Run("by touch, on a phone", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(390, 844, "light")
		start(b)
		for _, program := range []string{"hello", "breakfast", "letter", "counters"} {
			choose(b, program)
			for n := 0; value[int](b, `document.querySelectorAll(".scheduler .next button").length`) > 0; n++ {
				b.do(chromedp.Click(chromedp.CSS(".scheduler .next button:last-of-type")))
				b.until(`document.querySelectorAll(".scheduler ol li").length === ` + string(rune('2'+n)))
			}
			require.Equal(t, "done", value[string](b, state), program)
			require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), 390, "no sideways scrolling")
			keep("scheduler-390-light-"+program, schedulerFigure)
		}
		keep("scheduler-390-light-lanes", ".scheduler .sides")
	})
	require.Empty(t, b.complained(), "in all of this")
}
