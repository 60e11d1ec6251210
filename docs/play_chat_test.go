package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/docs/play/chat"
)

const chatFigure = `figure.play[data-play='chat']`

func TestPlays_chatInABrowser(t *testing.T) {
	rooms := new(chat.Rooms)
	t.Cleanup(rooms.Close)
	b := openPlays(t, rooms.Register)
	start := func(b tab) {
		b.open("/04-chat.html")
		require.True(b.t, value[bool](b, `document.querySelector("`+chatFigure+` pre").checkVisibility()`), "the still picture")
		require.Zero(b.t, value[int](b, `document.querySelectorAll(".terminal").length`), "nothing before Start")
		b.do(chromedp.Click(chromedp.CSS(chatFigure + ` .start`)))
		b.until(`document.querySelectorAll(".terminal .address").length === 4 &&
			[...document.querySelectorAll(".terminal .address")].every((a) => a.textContent.startsWith("127.0.0.1:"))`)
	}
	read := func(terminal int, text string) string {
		return `document.querySelectorAll(".terminal .log")[` + string(rune('0'+terminal)) + `].textContent.includes("` + text + `")`
	}
	pace := func(b tab, key string) {
		value[bool](b, `document.querySelector(".chat-controls input").focus(), true`)
		b.do(chromedp.KeyEvent(key))
	}
	const cell = `document.querySelectorAll(".chat-ring tbody tr")[3].cells`

	t.Run("what one says the others read, as text", func(t *testing.T) {
		b := b.in(t)
		keep := b.look(390, 844, "light")
		start(b)
		require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), 390, "it scrolls sideways")
		value[bool](b, `document.querySelectorAll(".terminal form input")[1].focus(), true`)
		b.do(chromedp.KeyEvent("<b>hello</b>"), chromedp.KeyEvent(kb.Enter))
		for _, terminal := range []int{0, 2, 3} {
			b.until(read(terminal, "] <b>hello</b>"))
		}
		require.True(t, value[bool](b, read(1, "> <b>hello</b>")))
		require.False(t, value[bool](b, read(1, "] <b>hello</b>")), "nobody reads what they have said")
		b.until(cell + `[1].textContent === "1"`)
		require.LessOrEqual(t, value[int](b, `document.documentElement.scrollWidth`), 390, "it scrolls sideways")
		keep("chat-390-light", chatFigure)
		keep("chat-390-light-terminals", ".chat-terminals")
	})

	for _, theme := range []string{"light", "dark"} {
		t.Run("a slow reader lags, is told, and recovers: "+theme, func(t *testing.T) {
			b := b.in(t)
			keep := b.look(1280, 1000, theme)
			start(b)
			pace(b, kb.Home)
			b.until(`document.querySelector(".chat-controls output").textContent.includes("stopped")`)
			b.do(chromedp.Click(chromedp.CSS(".chat-controls button")))
			b.until(`document.querySelector(".ring .receiver.t3.overtaken") !== null`)
			b.until(cell + `[2].textContent.includes("of them overwritten")`)
			require.False(t, value[bool](b, `document.querySelector(".ring .receiver.t1").classList.contains("overtaken")`))
			keep("chat-1280-"+theme+"-behind", chatFigure)
			b.do(chromedp.Click(chromedp.CSS(".chat-controls button"))) // stops the flood
			b.until(`document.querySelector(".chat-controls button").textContent.startsWith("Let A")`)
			pace(b, kb.End)
			b.until(read(3, "* you missed "))
			b.until(cell + `[2].textContent === "0" && Number(` + cell + `[5].textContent) > 0`)
			b.until(`document.querySelector(".chat-news").textContent.includes("told that it missed")`)
			keep("chat-1280-"+theme+"-told", chatFigure)
		})
	}
	b.in(t).gallery("chat", chatFigure, chatFigure)
	require.Empty(t, b.complained())

	t.Run("the figure says so when the live part is away", func(t *testing.T) {
		rooms.Close()
		b := b.in(t)
		b.open("/04-chat.html")
		b.do(chromedp.Click(chromedp.CSS(chatFigure + ` .start`)))
		b.until(`document.querySelector("` + chatFigure + ` [role=status]").textContent.includes("as many rooms")`)
		require.True(t, value[bool](b, `document.querySelector("`+chatFigure+` pre").checkVisibility()`), "the still picture")
	})
}
