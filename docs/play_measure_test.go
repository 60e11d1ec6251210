package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/async/docs/play/measure"
)

const measureFigure = `figure.play[data-play='measure']`

func TestPlays_measureInABrowser(t *testing.T) {
	b := openPlays(t, new(measure.Bench).Register)
	start := func(b tab) {
		b.open("/05-select.html")
		require.True(b.t, value[bool](b, `document.querySelector("`+measureFigure+` pre").checkVisibility()`), "the still picture")
		require.Zero(b.t, value[int](b, `document.querySelectorAll(".measure").length`), "nothing before Start")
		// A run that another page has just left may still be ending.
		b.until(`(() => {
			const button = document.querySelector("` + measureFigure + ` .start");
			if (button && !button.disabled) button.click();
			return document.querySelector(".measure progress") !== null;
		})()`)
	}
	// figures are what the rows tell: numbers, when all were measured.
	const figures = `[...document.querySelectorAll(".measure tbody td:nth-child(2)")].map((cell) => Number(cell.textContent.replaceAll(",", "")))`
	const button = `document.querySelector(".measure-bar button")`

	t.Run("all servers are measured", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(1280, 1000, "light")
		start(b)
		b.until(`document.querySelector(".measure progress").value > 7`)
		keep("measure-1280-light-half", measureFigure)
		b.until(button + `.textContent === "Measure again"`)
		require.Equal(t, "done", value[string](b, `document.querySelector(".measure-bar span").textContent`))
		got := value[[]float64](b, figures)
		require.Len(t, got, 6)
		for _, figure := range got {
			require.Greater(t, figure, 100.0, "%v", got)
		}
		require.Equal(t, "1.00", value[string](b, `document.querySelector(".measure tbody td:nth-child(3)").textContent`))
		require.Equal(t, 6, value[int](b, `[...document.querySelectorAll(".measure .bar")].filter((bar) => Number(bar.getAttribute("width")) > 0).length`))
		keep("measure-1280-light", measureFigure)
		b.gallery("measure", measureFigure, measureFigure)
	})

	t.Run("a run can be stopped, and begun again, on a phone", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(390, 844, "dark")
		start(b)
		b.until(`document.querySelector(".measure progress").value > 6`)
		require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), 390, "it scrolls sideways")
		b.do(chromedp.Click(chromedp.CSS(".measure-bar button")))
		b.until(button + `.textContent === "Measure again"`)
		require.Equal(t, "not complete", value[string](b, `document.querySelector(".measure-bar span").textContent`))
		keep("measure-390-dark", measureFigure)
		b.until(`(() => { // the server sees a moment later that nobody listens
			if (` + button + `.textContent === "Measure again") ` + button + `.click();
			return ` + button + `.textContent === "Stop";
		})()`)
		b.open("/") // and the page goes
	})
}
