package main_test

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/docs/play/chat"
	"example.com/async/internal/lesson/browsertest"
)

const chatFigure = `figure.play[data-play='chat']`

func TestPlays_chatInABrowser(t *testing.T) {
	rooms := new(chat.Rooms)
	t.Cleanup(rooms.Close)
	b := openPlays(t, rooms.Register)
	start := func(b browsertest.Page) {
		b.Open("/04-chat.html")
		require.True(b.T, browsertest.Value[bool](b, `document.querySelector("`+chatFigure+` pre").checkVisibility()`), "the still picture")
		require.Zero(b.T, browsertest.Value[int](b, `document.querySelectorAll(".terminal").length`), "nothing before Start")
		b.Click(chatFigure + ` .start`)
		b.Until(`document.querySelectorAll(".terminal .address").length === 4 &&
			[...document.querySelectorAll(".terminal .address")].every((a) => a.textContent.startsWith("127.0.0.1:"))`)
	}
	read := func(terminal int, text string) string {
		return `document.querySelectorAll(".terminal .log")[` + strconv.Itoa(terminal) + `].textContent.includes("` + text + `")`
	}
	pace := func(b browsertest.Page, key string) {
		browsertest.Value[bool](b, `document.querySelector(".chat-controls input").focus(), true`)
		b.Press(key)
	}
	const cell = `document.querySelectorAll(".chat-ring tbody tr")[3].cells`

	t.Run("what one says the others read, as text", func(t *testing.T) {
		b := b.In(t)
		keep := look(b, 390, 844, "light")
		start(b)
		require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "it scrolls sideways")
		browsertest.Value[bool](b, `document.querySelectorAll(".terminal form input")[1].focus(), true`)
		b.Press("<b>hello</b>")
		b.Press(kb.Enter)
		for _, terminal := range []int{0, 2, 3} {
			b.Until(read(terminal, "] <b>hello</b>"))
		}
		require.True(t, browsertest.Value[bool](b, read(1, "> <b>hello</b>")))
		require.False(t, browsertest.Value[bool](b, read(1, "] <b>hello</b>")), "nobody reads what they have said")
		b.Until(cell + `[1].textContent === "1"`)
		require.LessOrEqual(t, browsertest.Value[int](b, `document.documentElement.scrollWidth`), 390, "it scrolls sideways")
		keep("chat-390-light", chatFigure)
		keep("chat-390-light-terminals", ".chat-terminals")
	})

	for _, theme := range []string{"light", "dark"} {
		t.Run("a slow reader lags, is told, and recovers: "+theme, func(t *testing.T) {
			b := b.In(t)
			keep := look(b, 1280, 1000, theme)
			start(b)
			pace(b, kb.Home)
			b.Until(`document.querySelector(".chat-controls output").textContent.includes("stopped")`)
			b.Click(".chat-controls button")
			b.Until(`document.querySelector(".ring .receiver.t3.overtaken") !== null`)
			b.Until(cell + `[2].textContent.includes("of them overwritten")`)
			require.False(t, browsertest.Value[bool](b, `document.querySelector(".ring .receiver.t1").classList.contains("overtaken")`))
			keep("chat-1280-"+theme+"-behind", chatFigure)
			// Stops the flood, but does not begin another when this one has ended by itself.
			browsertest.Value[bool](b, `((flood) => { if (flood.textContent.startsWith("Stop")) flood.click(); return true; })(document.querySelector(".chat-controls button"))`)
			b.Until(`document.querySelector(".chat-controls button").textContent.startsWith("Let A")`)
			pace(b, kb.End)
			b.Until(read(3, "* you missed "))
			b.Until(cell + `[2].textContent === "0" && Number(` + cell + `[5].textContent) > 0`)
			b.Until(`document.querySelector(".chat-news").textContent.includes("told that it missed")`)
			keep("chat-1280-"+theme+"-told", chatFigure)
		})
	}
	gallery(b.In(t), "chat", chatFigure, chatFigure)
	require.Empty(t, b.Complained())

	t.Run("the figure says so when the live part is away", func(t *testing.T) {
		rooms.Close()
		b := b.In(t)
		b.Open("/04-chat.html")
		b.Click(chatFigure + ` .start`)
		b.Until(`document.querySelector("` + chatFigure + ` [role=status]").textContent.includes("as many rooms")`)
		require.True(t, browsertest.Value[bool](b, `document.querySelector("`+chatFigure+` pre").checkVisibility()`), "the still picture")
	})
}
