package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/play/measure"
	"example.com/async/internal/lesson/browsertest"
)

const measureFigure = `figure.play[data-play='measure']`

func TestPlays_measureInABrowser(t *testing.T) {
	b := openPlays(t, new(measure.Bench).Register)
	start := func(b browsertest.Page) {
		b.Open("/05-select.html")
		require.True(b.T, browsertest.Value[bool](b, `document.querySelector("`+measureFigure+` pre").checkVisibility()`), "the still picture")
		require.Zero(b.T, browsertest.Value[int](b, `document.querySelectorAll(".measure").length`), "nothing before Start")
		// A run that another page has just left may still be ending.
		b.Until(`(() => {
			const button = document.querySelector("` + measureFigure + ` .start");
			if (button && !button.disabled) button.click();
			return document.querySelector(".measure progress") !== null;
		})()`)
	}
	// figures are what the rows tell: numbers, when all were measured.
	const figures = `[...document.querySelectorAll(".measure tbody td:nth-child(2)")].map((cell) => Number(cell.textContent.replaceAll(",", "")))`
	const button = `document.querySelector(".measure-bar button")`

	t.Run("all servers are measured", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 1280, 1000, "light")
		start(b)
		b.Until(`document.querySelector(".measure progress").value > 7`)
		keep("measure-1280-light-half", measureFigure)
		b.Until(button + `.textContent === "Measure again"`)
		require.Equal(t, "done", browsertest.Value[string](b, `document.querySelector(".measure-bar span").textContent`))
		got := browsertest.Value[[]float64](b, figures)
		require.Len(t, got, 6)
		for _, figure := range got {
			require.Greater(t, figure, 100.0, "%v", got)
		}
		require.Equal(t, "1.00", browsertest.Value[string](b, `document.querySelector(".measure tbody td:nth-child(3)").textContent`))
		require.Equal(t, 6, browsertest.Value[int](b, `[...document.querySelectorAll(".measure .bar")].filter((bar) => Number(bar.getAttribute("width")) > 0).length`))
		keep("measure-1280-light", measureFigure)
		gallery(b, "measure", measureFigure, measureFigure)
	})

	t.Run("a run can be stopped, and begun again, on a phone", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 390, 844, "dark")
		start(b)
		b.Until(`document.querySelector(".measure progress").value > 1`) // and there are seconds left to stop it
		require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "it scrolls sideways")
		b.Click(".measure-bar button")
		b.Until(button + `.textContent === "Measure again"`)
		require.Equal(t, "not complete", browsertest.Value[string](b, `document.querySelector(".measure-bar span").textContent`))
		keep("measure-390-dark", measureFigure)
		b.Until(`(() => { // the server sees a moment later that nobody listens
			if (` + button + `.textContent === "Measure again") ` + button + `.click();
			return ` + button + `.textContent === "Stop";
		})()`)
		b.Open("/") // and the page goes
	})
}
