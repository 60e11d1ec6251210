package web_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/session"
)

// The picture in the chapter is made anew by
//
//	CHAT_SCREENSHOT=../../docs/05-page.png go test ./step05-select/web -run TestPage_inABrowser
func TestPage_inABrowser(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	s := newServer(t)
	defer func() { s.stop() }()
	ctx, quit := openBrowser(t)
	defer quit()
	ada, grace := openTab(t, ctx, s.url), openTab(t, ctx, s.url)
	defer ada.close()
	defer grace.close()

	// Each part begins where the one before has ended: after a failure the others would say nothing, and wait long for it.
	run := func(name string, part func(t *testing.T)) { require.True(t, t.Run(name, part)) }

	run("who comes first is asked for a name", func(t *testing.T) {
		for name, b := range map[string]tab{"Ada": ada.in(t), "Grace": grace.in(t)} {
			b.open("/")
			b.until(`document.getElementById("name-dialog").open`)
			b.until(`document.activeElement.matches("#name-dialog input")`)
			b.typeIn(name)
			b.until(`document.activeElement.value === "` + name + `"`)
			b.press("Enter")
			b.until(`document.getElementById("name").textContent === "` + name + `"`)
			b.until(`document.activeElement.id === "input"`)
		}
		ada.in(t).until(people(`"Ada,Grace"`))
		grace.in(t).until(people(`"Ada,Grace"`))
	})

	run("two tabs talk", func(t *testing.T) {
		ada, grace := ada.in(t), grace.in(t)
		ada.say("hello, Grace")
		grace.until(last(`.message`, `.text`) + ` === "hello, Grace"`)
		grace.until(last(`.message`, `bdi`) + ` === "Ada"`)
		ada.until(`document.querySelector(".message:last-child")?.matches(".own")`)
		grace.until(`document.querySelector(".message:last-child")?.matches(":not(.own)")`)
		grace.say("/me waves")
		ada.until(last(".did", "span") + ` === "waves"`)
		grace.say("/msg Ada in private")
		ada.until(last(".whisper", ".text") + ` === "in private"`)
	})

	run("text is never HTML", func(t *testing.T) {
		ada, grace := ada.in(t), grace.in(t)
		const text = `<img src=x onerror=alert(1)> <b>bold</b> &lt; </div> https://example.com/?a=<b>`
		ada.say(text)
		grace.until(last(".message", ".text") + ` === ` + quoted(text))
		require.Zero(t, value[int](grace, `document.querySelectorAll("#log img, #log b").length`))
		require.Equal(t, "https://example.com/?a=", value[string](grace, `document.querySelector("#log a").textContent`))
		require.Equal(t, "refused", value[string](grace,
			`(() => { try { document.body.innerHTML = "x"; return "allowed" } catch { return "refused" } })()`),
			"the policy refuses what a mistake in the script could do")
		grace.forget("This document requires 'TrustedHTML'")
	})

	run("a message of several lines, and right-to-left text", func(t *testing.T) {
		ada, grace := ada.in(t), grace.in(t)
		ada.typeIn("one")
		ada.press("Shift+Enter")
		ada.typeIn("שלום")
		ada.press("Enter")
		grace.until(last(".message", ".text") + ` === "שלום"`)
		require.Equal(t, "rtl", value[string](grace, `getComputedStyle([...document.querySelectorAll(".text")].at(-1)).direction`))
		require.Equal(t, "one", value[string](grace, `[...document.querySelectorAll(".text")].at(-2).textContent`))
	})

	run("names and rooms change", func(t *testing.T) {
		ada, grace := ada.in(t), grace.in(t)
		ada.say("/nick Lovelace")
		grace.until(people(`"Grace,Lovelace"`))
		ada.until(people(`"Grace,Lovelace"`))
		ada.say("/join #go")
		ada.until(`document.getElementById("room").textContent === "#go" && location.hash === "#go"`)
		ada.until(people(`"Lovelace"`))
		grace.until(people(`"Grace"`))
		grace.until(`!!document.querySelector('#rooms a[href="#go"]')`)
		grace.do(chromedp.Click(chromedp.CSS(`#rooms a[href="#go"]`)))
		grace.until(people(`"Grace,Lovelace"`))
		ada.until(people(`"Grace,Lovelace"`))
		ada.say("here?")
		grace.until(last(".message", ".text") + ` === "here?"`)
		require.Zero(t, value[int](grace, `[...document.querySelectorAll(".answer")].filter(a => / in #|room/.test(a.textContent)).length`),
			"what only the page has asked for is not shown")
		grace.say("/who")
		grace.until(last(".answer", "bdi") + ` === "#go"`)
	})

	run("keys", func(t *testing.T) {
		grace := grace.in(t)
		const typed = `document.getElementById("input").value`
		grace.typeIn("lov")
		grace.press("Tab")
		require.Equal(t, "Lovelace: ", value[string](grace, typed))
		grace.clear()
		grace.typeIn("/m")
		require.Equal(t, 3, value[int](grace, `document.querySelectorAll("#hint:not([hidden]) li").length`), "/me, /msg, /mute")
		grace.press("Tab")
		grace.press("Tab")
		require.Equal(t, "/msg ", value[string](grace, typed))
		grace.clear()
		grace.press("ArrowUp")
		require.Equal(t, "/who", value[string](grace, typed))
		grace.press("ArrowUp")
		require.Equal(t, "/msg Ada in private", value[string](grace, typed))
		grace.press("ArrowDown")
		grace.press("ArrowDown")
		require.Empty(t, value[string](grace, typed))
		grace.do(chromedp.Click(chromedp.CSS("#help-open")))
		grace.until(`document.getElementById("help").open`)
		grace.press("Escape")
		grace.until(`!document.getElementById("help").open && document.activeElement.id === "input"`)
	})

	run("who is away finds what is new", func(t *testing.T) {
		ada, grace := ada.in(t), grace.in(t)
		grace.away(true)
		ada.say("are you there?")
		ada.say("well")
		grace.until(`document.title === "(2) #go"`)
		require.Equal(t, "new messages", value[string](grace, `document.querySelector(".fresh").textContent`))
		require.Equal(t, "are you there?", value[string](grace, `document.querySelector(".fresh + .message .text").textContent`))
		grace.away(false)
		grace.until(`document.title === "#go"`)
	})

	run("the page comes back by itself, with what it has missed", func(t *testing.T) {
		ada, grace := ada.in(t), grace.in(t)
		s.stopPage()
		grace.until(`document.body.dataset.state === "lost" && document.getElementById("banner").checkVisibility()`)
		grace.typeIn("not yet")
		grace.press("Enter")
		require.Equal(t, "not yet", value[string](grace, `document.getElementById("input").value`), "nothing is lost")
		grace.clear()
		s.say("#go", "only terminals hear this?")
		s.startPage(t)
		for name, b := range map[string]tab{"Lovelace": ada, "Grace": grace} {
			b.until(`document.body.dataset.state === "open"`)
			b.until(last(".message", ".text") + ` === "only terminals hear this?"`)
			require.Equal(t, "you missed 1 message while you were away", value[string](b, `[...document.querySelectorAll(".rule")].at(-1).textContent`))
			require.Equal(t, name, value[string](b, `document.getElementById("name").textContent`))
			require.Equal(t, 1, value[int](b, `[...document.querySelectorAll(".text")].filter(t => t.textContent === "here?").length`))
			b.forget("WebSocket connection to")
		}
	})

	run("who leaves is not brought back", func(t *testing.T) {
		ada := ada.in(t)
		ada.say("/quit")
		ada.until(`document.body.dataset.state === "left"`)
		ada.do(chromedp.Click(chromedp.CSS("#banner button")))
		ada.until(`document.body.dataset.state === "open"`)
		ada.until(people(`"Grace,Lovelace"`))
		ada.open("/")
		ada.until(people(`"Grace,Lovelace"`)) // the tab remembers name and room
		require.False(t, value[bool](ada, `document.getElementById("name-dialog").open`))
	})

	run("a thousand messages", func(t *testing.T) {
		grace := grace.in(t)
		for i := range 1200 {
			s.say("#go", fmt.Sprintf("message %d", i))
			if i%100 == 99 { // a room holds no more for a page that has no time
				grace.until(last(".message", ".text") + fmt.Sprintf(` === "message %d"`, i))
			}
		}
		require.Equal(t, 1000, value[int](grace, `document.getElementById("log").childElementCount`))
		const distance = `(log => log.scrollHeight - log.scrollTop - log.clientHeight)(document.getElementById("log"))`
		require.Less(t, value[float64](grace, distance), 2.0, "at the newest")
		value[bool](grace, `document.getElementById("log").scrollTop = 0, true`)
		grace.until(`!document.getElementById("bottom").hidden`)
		s.say("#go", "below")
		grace.until(`document.getElementById("bottom").textContent === "↓ 1 new"`)
		require.Zero(t, value[int](grace, `document.getElementById("log").scrollTop > 2000 ? 1 : 0`), "who reads above stays there")
		grace.do(chromedp.Click(chromedp.CSS("#bottom")))
		grace.until(distance + ` < 2 && document.getElementById("bottom").hidden`)
	})

	run("a phone", func(t *testing.T) {
		grace := grace.in(t)
		grace.do(chromedp.EmulateViewport(390, 844))
		s.say("#go", strings.Repeat("x", 500))
		s.say("#go", strings.Repeat("W", 30)+strings.Repeat(" words and words", 40))
		grace.say("/nick " + strings.Repeat("W", session.MaxName))
		grace.until(`document.getElementById("name").textContent.length === 20`)
		grace.until(`document.documentElement.scrollWidth <= 390 && document.getElementById("log").scrollWidth <= 390`)
		const drawer = `document.getElementById("side").checkVisibility()`
		require.False(t, value[bool](grace, drawer))
		grace.do(chromedp.Click(chromedp.CSS(".menu")))
		grace.until(drawer)
		require.LessOrEqual(t, value[int](grace, `document.documentElement.scrollWidth`), 390)
		grace.do(chromedp.Click(chromedp.CSS(`#rooms a[aria-current]`)))
		grace.until(`!` + drawer)
		grace.do(chromedp.EmulateViewport(1280, 800))
	})

	run("another site can't connect", func(t *testing.T) {
		url, stop := serve(t, "127.0.0.1:0", httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
			w.Header().Set("Content-Type", "text/html") // and no policy that would be in the way
		}))
		defer func() { require.NoError(t, stop()) }()
		other := openTab(t, ctx, url)
		defer other.close()
		b := other.in(t)
		b.open("/")
		require.Equal(t, "refused", value[string](b, `new Promise((done) => {
			const socket = new WebSocket(`+quoted(strings.Replace(s.url, "http", "ws", 1)+"/chat")+`);
			socket.onopen = () => done("open");
			socket.onerror = () => done("refused");
		})`, chromedp.EvalAwaitPromise))
		require.Contains(t, strings.Join(other.complained(), "\n"), "403")
	})

	if file := os.Getenv("CHAT_SCREENSHOT"); file != "" {
		takePicture(t, ctx, s, file)
	}
	require.Empty(t, ada.complained(), "in all of this")
	require.Empty(t, grace.complained(), "in all of this")
}
