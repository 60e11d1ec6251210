package web_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
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
	ada, quit := browsertest.Start(t, s.url)
	defer quit()
	grace := ada.Another(t, s.url)
	defer grace.Close()

	// Each part begins where the one before has ended: after a failure the others would say nothing, and wait long for it.
	run := func(name string, part func(t *testing.T)) { require.True(t, t.Run(name, part)) }

	run("who comes first is asked for a name", func(t *testing.T) {
		for name, b := range map[string]browsertest.Page{"Ada": ada.In(t), "Grace": grace.In(t)} {
			b.Open("/")
			b.Until(`document.getElementById("name-dialog").open`)
			b.Until(`document.activeElement.matches("#name-dialog input")`)
			b.Type(name)
			b.Until(`document.activeElement.value === "` + name + `"`)
			b.Press(kb.Enter)
			b.Until(`document.getElementById("name").textContent === "` + name + `"`)
			b.Until(`document.activeElement.id === "input"`)
		}
		ada.In(t).Until(people(`"Ada,Grace"`))
		grace.In(t).Until(people(`"Ada,Grace"`))
	})

	run("two tabs talk", func(t *testing.T) {
		ada, grace := ada.In(t), grace.In(t)
		say(ada, "hello, Grace")
		grace.Until(last(`.message`, `.text`) + ` === "hello, Grace"`)
		grace.Until(last(`.message`, `bdi`) + ` === "Ada"`)
		ada.Until(`document.querySelector(".message:last-child")?.matches(".own")`)
		grace.Until(`document.querySelector(".message:last-child")?.matches(":not(.own)")`)
		say(grace, "/me waves")
		ada.Until(last(".did", "span") + ` === "waves"`)
		say(grace, "/msg Ada in private")
		ada.Until(last(".whisper", ".text") + ` === "in private"`)
	})

	run("text is never HTML", func(t *testing.T) {
		ada, grace := ada.In(t), grace.In(t)
		const text = `<img src=x onerror=alert(1)> <b>bold</b> &lt; </div> https://example.com/?a=<b>`
		say(ada, text)
		grace.Until(last(".message", ".text") + ` === ` + quoted(text))
		require.Zero(t, browsertest.Value[int](grace, `document.querySelectorAll("#log img, #log b").length`))
		require.Equal(t, "https://example.com/?a=", browsertest.Value[string](grace, `document.querySelector("#log a").textContent`))
		require.Equal(t, "refused", browsertest.Value[string](grace,
			`(() => { try { document.body.innerHTML = "x"; return "allowed" } catch { return "refused" } })()`),
			"the policy refuses what a mistake in the script could do")
		grace.Forget("This document requires 'TrustedHTML'")
	})

	run("a message of several lines, and right-to-left text", func(t *testing.T) {
		ada, grace := ada.In(t), grace.In(t)
		ada.Type("one")
		ada.Press(kb.Enter, chromedp.ModifierShift)
		ada.Type("שלום")
		ada.Press(kb.Enter)
		grace.Until(last(".message", ".text") + ` === "שלום"`)
		require.Equal(t, "rtl", browsertest.Value[string](grace, `getComputedStyle([...document.querySelectorAll(".text")].at(-1)).direction`))
		require.Equal(t, "one", browsertest.Value[string](grace, `[...document.querySelectorAll(".text")].at(-2).textContent`))
	})

	run("names and rooms change", func(t *testing.T) {
		ada, grace := ada.In(t), grace.In(t)
		say(ada, "/nick Lovelace")
		grace.Until(people(`"Grace,Lovelace"`))
		ada.Until(people(`"Grace,Lovelace"`))
		say(ada, "/join #go")
		ada.Until(`document.getElementById("room").textContent === "#go" && location.hash === "#go"`)
		ada.Until(people(`"Lovelace"`))
		grace.Until(people(`"Grace"`))
		grace.Until(`!!document.querySelector('#rooms a[href="#go"]')`)
		grace.Click(`#rooms a[href="#go"]`)
		grace.Until(people(`"Grace,Lovelace"`))
		ada.Until(people(`"Grace,Lovelace"`))
		say(ada, "here?")
		grace.Until(last(".message", ".text") + ` === "here?"`)
		require.Zero(t, browsertest.Value[int](grace, `[...document.querySelectorAll(".answer")].filter(a => / in #|room/.test(a.textContent)).length`),
			"what only the page has asked for is not shown")
		say(grace, "/who")
		grace.Until(last(".answer", "bdi") + ` === "#go"`)
	})

	run("keys", func(t *testing.T) {
		grace := grace.In(t)
		const typed = `document.getElementById("input").value`
		grace.Type("lov")
		grace.Press(kb.Tab)
		require.Equal(t, "Lovelace: ", browsertest.Value[string](grace, typed))
		emptyField(grace)
		grace.Type("/m")
		require.Equal(t, 3, browsertest.Value[int](grace, `document.querySelectorAll("#hint:not([hidden]) li").length`), "/me, /msg, /mute")
		grace.Press(kb.Tab)
		grace.Press(kb.Tab)
		require.Equal(t, "/msg ", browsertest.Value[string](grace, typed))
		emptyField(grace)
		grace.Press(kb.ArrowUp)
		require.Equal(t, "/who", browsertest.Value[string](grace, typed))
		grace.Press(kb.ArrowUp)
		require.Equal(t, "/msg Ada in private", browsertest.Value[string](grace, typed))
		grace.Press(kb.ArrowDown)
		grace.Press(kb.ArrowDown)
		require.Empty(t, browsertest.Value[string](grace, typed))
		grace.Click("#help-open")
		grace.Until(`document.getElementById("help").open`)
		grace.Press(kb.Escape)
		grace.Until(`!document.getElementById("help").open && document.activeElement.id === "input"`)
	})

	run("who is away finds what is new", func(t *testing.T) {
		ada, grace := ada.In(t), grace.In(t)
		browsertest.Value[bool](grace, hidden("true"))
		say(ada, "are you there?")
		say(ada, "well")
		grace.Until(`document.title === "(2) #go"`)
		require.Equal(t, "new messages", browsertest.Value[string](grace, `document.querySelector(".fresh").textContent`))
		require.Equal(t, "are you there?", browsertest.Value[string](grace, `document.querySelector(".fresh + .message .text").textContent`))
		browsertest.Value[bool](grace, hidden("false"))
		grace.Until(`document.title === "#go"`)
	})

	run("the page comes back by itself, with what it has missed", func(t *testing.T) {
		ada, grace := ada.In(t), grace.In(t)
		s.stopPage()
		grace.Until(`document.body.dataset.state === "lost" && document.getElementById("banner").checkVisibility()`)
		grace.Type("not yet")
		grace.Press(kb.Enter)
		require.Equal(t, "not yet", browsertest.Value[string](grace, `document.getElementById("input").value`), "nothing is lost")
		emptyField(grace)
		s.say("#go", "only terminals hear this?")
		s.startPage(t)
		for name, b := range map[string]browsertest.Page{"Lovelace": ada, "Grace": grace} {
			b.Until(`document.body.dataset.state === "open"`)
			b.Until(last(".message", ".text") + ` === "only terminals hear this?"`)
			require.Equal(t, "you missed 1 message while you were away", browsertest.Value[string](b, `[...document.querySelectorAll(".rule")].at(-1).textContent`))
			require.Equal(t, name, browsertest.Value[string](b, `document.getElementById("name").textContent`))
			require.Equal(t, 1, browsertest.Value[int](b, `[...document.querySelectorAll(".text")].filter(t => t.textContent === "here?").length`))
			b.Forget("WebSocket connection to")
		}
	})

	run("who leaves is not brought back", func(t *testing.T) {
		ada := ada.In(t)
		say(ada, "/quit")
		ada.Until(`document.body.dataset.state === "left"`)
		ada.Click("#banner button")
		ada.Until(`document.body.dataset.state === "open"`)
		ada.Until(people(`"Grace,Lovelace"`))
		ada.Open("/")
		ada.Until(people(`"Grace,Lovelace"`)) // the tab remembers name and room
		require.False(t, browsertest.Value[bool](ada, `document.getElementById("name-dialog").open`))
	})

	run("a thousand messages", func(t *testing.T) {
		grace := grace.In(t)
		for i := range 1200 {
			s.say("#go", fmt.Sprintf("message %d", i))
			if i%100 == 99 { // a room holds no more for a page that has no time
				grace.Until(last(".message", ".text") + fmt.Sprintf(` === "message %d"`, i))
			}
		}
		require.Equal(t, 1000, browsertest.Value[int](grace, `document.getElementById("log").childElementCount`))
		const distance = `(log => log.scrollHeight - log.scrollTop - log.clientHeight)(document.getElementById("log"))`
		require.Less(t, browsertest.Value[float64](grace, distance), 2.0, "at the newest")
		browsertest.Value[bool](grace, `document.getElementById("log").scrollTop = 0, true`)
		grace.Until(`!document.getElementById("bottom").hidden`)
		s.say("#go", "below")
		grace.Until(`document.getElementById("bottom").textContent === "↓ 1 new"`)
		require.Zero(t, browsertest.Value[int](grace, `document.getElementById("log").scrollTop > 2000 ? 1 : 0`), "who reads above stays there")
		grace.Click("#bottom")
		grace.Until(distance + ` < 2 && document.getElementById("bottom").hidden`)
	})

	run("a phone", func(t *testing.T) {
		grace := grace.In(t)
		grace.Size(390, 844)
		s.say("#go", strings.Repeat("x", 500))
		s.say("#go", strings.Repeat("W", 30)+strings.Repeat(" words and words", 40))
		say(grace, "/nick "+strings.Repeat("W", session.MaxName))
		grace.Until(`document.getElementById("name").textContent.length === 20`)
		grace.Until(`document.documentElement.scrollWidth <= 390 && document.getElementById("log").scrollWidth <= 390`)
		const drawer = `document.getElementById("side").checkVisibility()`
		require.False(t, browsertest.Value[bool](grace, drawer))
		grace.Click(".menu")
		grace.Until(drawer)
		require.LessOrEqual(t, browsertest.Value[int](grace, `document.documentElement.scrollWidth`), 390)
		grace.Click(`#rooms a[aria-current]`)
		grace.Until(`!` + drawer)
		grace.Size(1280, 800)
	})

	run("another site can't connect", func(t *testing.T) {
		url, stop := serve(t, "127.0.0.1:0", httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
			w.Header().Set("Content-Type", "text/html") // and no policy that would be in the way
		}))
		defer func() { require.NoError(t, stop()) }()
		other := ada.Another(t, url)
		defer other.Close()
		b := other.In(t)
		b.Open("/")
		require.Equal(t, "refused", browsertest.Value[string](b, `new Promise((done) => {
			const socket = new WebSocket(`+quoted(strings.Replace(s.url, "http", "ws", 1)+"/chat")+`);
			socket.onopen = () => done("open");
			socket.onerror = () => done("refused");
		})`, chromedp.EvalAwaitPromise))
		require.Contains(t, strings.Join(other.Complained(), "\n"), "403")
	})

	if file := os.Getenv("CHAT_SCREENSHOT"); file != "" {
		takePicture(ada.Another(t, s.url).In(t), s, file)
	}
	require.Empty(t, ada.Complained(), "in all of this")
	require.Empty(t, grace.Complained(), "in all of this")
}
