package main_test

import (
	"bufio"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/progress/gradetest"
	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
)

// startBook starts the program in a folder, and returns the book's address, without the slash at its end.
func startBook(t *testing.T, folder string) (url string, stop func()) {
	t.Helper()
	command := exec.Command(buildProgram(t), "-addr", "127.0.0.1:0")
	command.Dir = folder
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	url = strings.TrimSuffix(regexp.MustCompile(`http://\S+/`).FindString(line), "/")
	return url, func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
}

// smallRepository is one that the program takes for the tutorial's.
func smallRepository(t *testing.T) *gradetest.Repository {
	t.Helper()
	repository := gradetest.New(t).Four()
	repository.Write("go.mod", "module example.com/async\n\ngo 1.26\n")
	return repository
}

// PLAY_SCREENSHOTS names a folder for pictures of the page, as for the moving pictures.
func TestProgress_inABrowser(t *testing.T) {
	lesson.PlainOnly(t, "it builds the book and starts a browser")
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	repository := smallRepository(t)
	url, stop := startBook(t, repository.Root)
	defer stop()
	b, quit := browsertest.Start(t, url)
	defer quit()
	states := func(want string) string {
		return `[...document.querySelectorAll(".exercise .state")].map((state) => state.textContent).join() === "` + want + `" &&
			document.querySelector(".exercise .checking") === null`
	}

	for _, screen := range []struct {
		name          string
		width, height int64
		theme         string
	}{{"390-light", 390, 844, "light"}, {"390-dark", 390, 844, "dark"}, {"1280-light", 1280, 1000, "light"}, {"1280-dark", 1280, 1000, "dark"}} {
		t.Run("shows how far each exercise is: "+screen.name, func(t *testing.T) {
			b := b.In(t)
			keep := look(b, screen.width, screen.height, screen.theme)
			b.Open("/progress.html")
			b.Until(states("done,red,not started,does not compile"))
			b.Until(`document.getElementById("_progress").textContent === "1 of 4"`)
			require.True(t, browsertest.Value[bool](b, `document.getElementById("_progress").checkVisibility()`))
			require.LessOrEqual(t, browsertest.Value[int64](b, `document.documentElement.scrollWidth`), screen.width, "it scrolls sideways")
			require.Contains(t, browsertest.Value[string](b, `document.querySelector(".next").textContent`), "1.2 fail it")
			keep("progress-"+screen.name, "h1")
			b.Click(".is-red summary")
			keep("progress-"+screen.name+"-red", ".is-red")
			require.NotContains(t, browsertest.Value[string](b, `document.documentElement.outerHTML`), repository.Root)
		})
	}
	gallery(b.In(t), "progress", "h1", "h1")

	t.Run("is reached from each page", func(t *testing.T) {
		b := b.In(t)
		b.Open("/01-tcp.html")
		b.Until(`document.getElementById("_progress").textContent === "1 of 4"`)
		b.Follow("/progress.html", func() { b.Click("#_progress") })
		b.Open("/")
		b.Until(`document.querySelector(".progress-count").textContent === " (1 of 4)"`)
		b.Open("/progress")
		require.Equal(t, "/progress.html", browsertest.Value[string](b, `location.pathname`))
	})

	t.Run("follows what is saved, and leaves open what was unfolded", func(t *testing.T) {
		b := b.In(t)
		b.Open("/progress.html")
		b.Until(states("done,red,not started,does not compile"))
		const hint = `details[data-key="one hint"]`
		b.Click(hint + " summary")
		repository.Answer("fail", "1.2", "func F() int { return 0 } // red for the same reason")
		repository.Answer("stumble", "1.4", "func F() int { return 1 }")
		b.Until(states("done,red,not started,done"))
		require.True(t, browsertest.Value[bool](b, `document.querySelector('`+hint+`').open`))
		b.Until(`document.getElementById("_progress").textContent === "2 of 4"`)

		repository.Answer("fail", "1.2", "func F() int { return 1 }")
		b.Until(states("done,done,not started,done"))
		require.Contains(t, browsertest.Value[string](b, `document.querySelector(".next").textContent`), "1.3 wait it", "it was left out")
	})

	t.Run("checks again when asked", func(t *testing.T) {
		b := b.In(t)
		b.Open("/progress.html")
		browsertest.Value[bool](b, `window.answered = 0, window.before = window.fetch,
			window.fetch = async (...a) => { const r = await window.before(...a); if (a[1]?.method === "POST") window.answered = r.status; return r; }, true`)
		b.Click(".exercise .again")
		b.Until(`window.answered === 202`)
		b.Until(states("done,done,not started,done"))
	})

	t.Run("shows a solution when asked twice", func(t *testing.T) {
		b := b.In(t)
		b.Open("/progress.html")
		const solution = `.is-not-started details[data-key="solution"]`
		b.Click(solution + " summary")
		b.Arrive(func() { b.Click(solution + " a") })
		require.Contains(t, browsertest.Value[string](b, `document.querySelector("pre").textContent`), "the answer of wait")
		require.LessOrEqual(t, browsertest.Value[int64](b, `document.documentElement.scrollWidth`), int64(1280))
		require.Zero(t, browsertest.Value[int](b, `document.querySelectorAll("[data-part]").length`))
	})

	t.Run("is a plain page without scripts", func(t *testing.T) {
		b := b.In(t)
		browsertest.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		defer browsertest.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
		// What is checked again from above may go on, and this page doesn't change by itself.
		for limit := time.Now().Add(browsertest.Patience); ; {
			b.Open("/progress.html")
			if browsertest.Value[bool](b, states("done,done,not started,done")) {
				break
			}
			require.True(t, time.Now().Before(limit))
		}
		require.False(t, browsertest.Value[bool](b, `document.querySelector(".again").checkVisibility()`), "nothing is dead")
		require.Equal(t, "Progress", browsertest.Value[string](b, `document.getElementById("_progress").textContent`))
		require.True(t, browsertest.Value[bool](b, `document.querySelector("noscript p").checkVisibility()`))
	})

	require.Empty(t, b.Complained(), "in all of this")

	t.Run("says that the book was stopped", func(t *testing.T) {
		b := b.In(t)
		b.Open("/progress.html")
		stop()
		b.Until(`document.getElementById("_progress-status").textContent.includes("can't be reached")`)
	})
}

// What runs code is only for this machine: the program's own routes are behind the guard.
func TestProgram_guardsWhatIsLive(t *testing.T) {
	lesson.PlainOnly(t, "it builds the book")
	repository := smallRepository(t)
	url, stop := startBook(t, repository.Root)
	defer stop()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	ask := func(method, path, host string, fields ...string) int {
		request, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(`{"exercise":"step01-x/exercises/fail"}`))
		require.NoError(t, err)
		if host != "" {
			request.Host = host
		}
		for i := 0; i < len(fields); i += 2 {
			request.Header.Set(fields[i], fields[i+1])
		}
		response, err := client.Do(request)
		require.NoError(t, err)
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
		return response.StatusCode
	}
	const grade, json = "/live/progress/grade", "application/json"
	require.Equal(t, 202, ask("POST", grade, "", "Content-Type", json, "Origin", url))
	require.Equal(t, 403, ask("POST", grade, "", "Content-Type", json, "Origin", "http://evil.example"))
	require.Equal(t, 403, ask("POST", "/%6cive/progress/grade", "", "Content-Type", json, "Origin", "http://evil.example"))
	require.Equal(t, 403, ask("POST", grade, "evil.example", "Content-Type", json))
	require.Equal(t, 415, ask("POST", grade, "", "Content-Type", "text/plain", "Origin", url))
	require.Equal(t, 403, ask("GET", "/live/progress.json", "evil.example"))
	require.Equal(t, 403, ask("GET", "/progress.html", "evil.example"))
	require.Equal(t, 403, ask("GET", "/solution.html?of=step01-x/exercises/fail", "evil.example"))
	require.Equal(t, 200, ask("GET", "/progress.html", ""))
	require.Equal(t, 200, ask("GET", "/00-start.html", "a-forwarded-port.example"), "the chapters are no secret")
}
