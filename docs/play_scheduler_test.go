package main_test

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/docs/play/scheduler"
	"example.com/async/internal/lesson/browsertest"
)

const schedulerFigure = `figure.play[data-play='scheduler']`

func TestPlays_schedulerInABrowser(t *testing.T) {
	b := openPlays(t, scheduler.Register)
	start := func(b browsertest.Page) {
		b.Open("/03-statemachine.html")
		require.True(b.T, browsertest.Value[bool](b, `document.querySelector("`+schedulerFigure+` img").checkVisibility()`), "the still picture")
		b.Click(schedulerFigure + ` .start`)
		b.Until(`document.querySelector(".scheduler .next button") !== null`)
	}
	const (
		status = `document.querySelector(".scheduler .last").textContent`
		state  = `document.querySelector(".scheduler .last").dataset.state`
	)
	step := func(b browsertest.Page, key, then string) {
		b.T.Helper()
		b.Press(key)
		b.Until(status + `.includes("` + then + `")`)
	}
	choose := func(b browsertest.Page, program string) {
		browsertest.Value[bool](b, `{ const s = document.querySelector(".scheduler select"); s.value = "`+program+`"; s.dispatchEvent(new Event("change")); true }`)
		b.Until(`document.querySelector(".scheduler .source").textContent.includes("func ` + program + `(")`)
		browsertest.Value[bool](b, `document.querySelector(".scheduler .next").focus(), true`)
	}

	t.Run("by keys, up to the lost wake-up, and back", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 1280, 1000, "light")
		start(b)
		require.Equal(t, []string{"1 event: set done", "2 poll waiter"},
			browsertest.Value[[]string](b, `[...document.querySelectorAll(".scheduler .next button")].map((b) => b.textContent)`))
		step(b, "2", "Step 1")
		step(b, "1", "Step 2")
		step(b, "1", "Step 3")
		require.Equal(t, "goes on", browsertest.Value[string](b, state))
		step(b, "1", "Step 4")
		require.Equal(t, "lost", browsertest.Value[string](b, state))
		require.Contains(t, browsertest.Value[string](b, status), "Lost wake-up: waiter was polled in step 1")
		require.Equal(t, 1, browsertest.Value[int](b, `document.querySelectorAll(".scheduler-lanes .lost").length`))
		require.Equal(t, 5, browsertest.Value[int](b, `document.querySelectorAll(".scheduler ol li").length`), "all in words")
		require.Contains(t, browsertest.Value[string](b, `document.querySelector(".scheduler .test").textContent`), `"waiter event event waiter", scheduler.Program("hasty")`)
		keep("scheduler-1280-light", schedulerFigure)
		gallery(b, "scheduler", ".scheduler .sides", schedulerFigure)

		step(b, kb.Backspace, "Step 3")
		require.Equal(t, "/03-statemachine.html", browsertest.Value[string](b, `location.pathname`))
		step(b, "r", "At first")
		b.Press("9")           // there is no ninth choice
		step(b, "2", "Step 1") // and this is not the second step
	})

	t.Run("the explorer shows the order, and the test can be taken", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 1280, 1000, "dark")
		start(b)
		choose(b, "forgetful")
		browsertest.Value[bool](b, `[...document.querySelectorAll(".scheduler button")].find((b) => b.textContent.includes("explorer")).click(), true`)
		b.Until(state + ` === "lost"`)
		require.Contains(t, browsertest.Value[string](b, status), "hello returned pending")
		keep("scheduler-1280-dark", schedulerFigure)

		browsertest.Value[bool](b, `navigator.clipboard.writeText = async (text) => { window.copied = text; }, true`)
		browsertest.Value[bool](b, `HTMLAnchorElement.prototype.click = function () { window.taken = this.download; }, true`)
		b.Click(`.scheduler .save summary`)
		for _, name := range []string{"Copy", "Download"} {
			browsertest.Value[bool](b, `[...document.querySelectorAll(".scheduler .save button")].find((b) => b.textContent === "`+name+`").click(), true`)
		}
		b.Until(`window.copied?.startsWith("package scheduler_test") && window.taken === "saved_test.go"`)
		keep("scheduler-1280-dark-save", ".scheduler .save")

		choose(b, "careful")
		browsertest.Value[bool](b, `[...document.querySelectorAll(".scheduler button")].find((b) => b.textContent.includes("explorer")).click(), true`)
		b.Until(`document.querySelector(".scheduler .found").textContent.includes("none loses a wake-up")`)
		keep("scheduler-1280-dark-careful", schedulerFigure)
	})

	t.Run("by touch, on a phone", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 390, 844, "light")
		start(b)
		for _, program := range []string{"hello", "breakfast", "letter", "counters"} {
			choose(b, program)
			for n := 0; browsertest.Value[int](b, `document.querySelectorAll(".scheduler .next button").length`) > 0; n++ {
				b.Click(".scheduler .next button:last-of-type")
				b.Until(`document.querySelectorAll(".scheduler ol li").length === ` + strconv.Itoa(n+2))
			}
			require.Equal(t, "done", browsertest.Value[string](b, state), program)
			require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "no sideways scrolling")
			keep("scheduler-390-light-"+program, schedulerFigure)
		}
		keep("scheduler-390-light-lanes", ".scheduler .sides")
	})
	require.Empty(t, b.Complained(), "in all of this")
}
