package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
)

// restless is a page on which nothing is where it was a moment ago: the button comes late, cannot be pressed at first,
// and moves until then.
const restless = `<!doctype html><link rel="icon" href="data:,"><title>restless</title>
<style>
	@keyframes arrive { from { margin-left: 600px } }
	button { animation: arrive 700ms linear; width: 40px }
	#far { margin-top: 3000px; animation: none }
</style>
<input id="field">
<div id="place"></div>
<button id="far">far</button>
<script>
	window.clicks = [];
	addEventListener("keydown", (event) => { if (event.key === "?") event.preventDefault(); window.key = event.key; });
	addEventListener("click", (event) => window.clicks.push(event.target.id));
	setTimeout(() => {
		const button = Object.assign(document.createElement("button"), { id: "late", disabled: true });
		document.getElementById("place").append(button);
		setTimeout(() => { button.disabled = false; }, 300);
	}, 200);
</script>`

func TestPage(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(restless))
	}))
	defer server.Close()
	tab, quit := browsertest.Start(t, server.URL)
	defer quit()

	t.Run("a click waits for what comes late and moves, and scrolls to what is far", func(t *testing.T) {
		page := tab.In(t)
		page.Open("/")
		page.Click("#late")
		page.Click("#far")
		require.Equal(t, []string{"late", "far"}, browsertest.Value[[]string](page, `window.clicks`))
	})

	t.Run("what is not there yet is waited for", func(t *testing.T) {
		page := tab.In(t)
		page.Open("/")
		page.Until(`document.getElementById("late").disabled === false`) // at first this would throw
	})

	t.Run("what is there for a moment is seen", func(t *testing.T) {
		page := tab.In(t)
		page.Open("/")
		seen := page.Watch(`document.title === "moment"`)
		browsertest.Value[bool](page, `(async () => {
			document.title = "moment";
			await null;
			document.title = "over";
			return true;
		})()`, chromedp.EvalAwaitPromise)
		seen()
		require.Equal(t, "over", browsertest.Value[string](page, `document.title`))
	})

	t.Run("a key that the page keeps is not typed", func(t *testing.T) {
		page := tab.In(t)
		page.Open("/")
		page.Click("#field")
		page.Press("?aB")
		require.Equal(t, "aB", browsertest.Value[string](page, `document.getElementById("field").value`))
		page.Press(kb.Backspace)
		require.Equal(t, "a", browsertest.Value[string](page, `document.getElementById("field").value`))
		page.Press(kb.Escape)
		require.Equal(t, "Escape", browsertest.Value[string](page, `window.key`))
	})

	t.Run("another window is followed", func(t *testing.T) {
		page := tab.In(t)
		page.Open("/")
		window := tab.Opens(t, "#second", func() { browsertest.Value[bool](page, `open("#second", "second", "popup"), true`) })
		defer window.Close()
		window.In(t).Until(`location.hash === "#second" && document.title === "restless"`)
	})
	require.Empty(t, tab.Complained())

	t.Run("what a page must not do is noted", func(t *testing.T) {
		page := tab.In(t)
		page.Open("/")
		require.True(t, browsertest.Value[bool](page, `console.log("hello"), setTimeout(() => { throw new Error("oh") }),
			fetch("http://127.0.0.1:1/elsewhere").catch(() => {}), true`))
		page.Until(`new Promise((done) => setTimeout(() => done(true)))`)
		complaints := strings.Join(tab.Complained(), "\n")
		require.Contains(t, complaints, "console: log")
		require.Contains(t, complaints, "exception: Uncaught")
		require.Contains(t, complaints, "request: http://127.0.0.1:1/elsewhere")
		tab.Forget("console")
		require.NotContains(t, strings.Join(tab.Complained(), "\n"), "console")
	})
}
