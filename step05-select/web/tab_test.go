package web_test

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

// A server is a chat with a page that can be stopped and started again.
type server struct {
	hub     *hub.Hub
	url     string
	address string
	talker  map[string]*hub.Member // by room
	stopped func() error           // stops the page and returns what its Serve has returned
}

func newServer(t *testing.T) *server {
	s := &server{hub: hub.New(hub.Config{}), address: "127.0.0.1:0", talker: make(map[string]*hub.Member)}
	s.startPage(t)
	return s
}

// startPage serves the page, on the same address each time.
func (s *server) startPage(t *testing.T) {
	engine := &selectloop.Server{Hub: s.hub}
	site := &web.Site{Hub: s.hub, Serve: engine.ServeClient}
	s.url, s.stopped = serve(t, s.address, site.Handler())
	s.address = strings.TrimPrefix(s.url, "http://")
}

// serve serves a site. stop returns what the server has returned, also when it is called again.
func serve(t *testing.T, address string, site httpd.Handler) (url string, stop func() error) {
	var listener net.Listener
	var err error
	// An address that is used again can be taken for a moment: as the local one of somebody's connection.
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if listener, err = tcp.Listen(address); err == nil || time.Since(start) > patience {
			break
		}
	}
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- (&httpd.Server{Handler: site, DrainTimeout: patience}).Serve(ctx, listener) }()
	return "http://" + listener.Addr().String(), sync.OnceValue(func() error {
		cancel()
		return <-served
	})
}

func (s *server) stopPage() {
	if err := s.stopped(); err != nil {
		panic(err)
	}
}

func (s *server) stop() {
	for _, m := range s.talker {
		m.Leave()
	}
	s.stopPage()
}

// say lets somebody say something who is in the room by no connection.
func (s *server) say(room, text string) {
	m := s.talker[room]
	if m == nil {
		m = s.hub.Enter(hub.Entry{Room: room})
		m.Do(session.Action{})
		s.talker[room] = m
	}
	for m.TooFast() {
		time.Sleep(time.Millisecond) // as a client does that is not listened to
	}
	m.Do(session.Action{Verb: session.Say, Text: text})
	for m.Pending() > 0 {
		_, _ = m.TryRecv()
	}
}

// openBrowser starts a browser with an empty profile, or skips the test.
func openBrowser(t *testing.T) (ctx context.Context, quit func()) {
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skip("there is no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, // containers have no user namespaces
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancelLimit := context.WithTimeout(context.Background(), 5*time.Minute)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	ctx, cancelTab := chromedp.NewContext(ctx)
	require.NoError(t, chromedp.Do(ctx)) // starts it
	return ctx, func() {
		_ = chromedp.Cancel(ctx) // waits for the browser's end
		cancelTab()
		cancelAllocator()
		cancelLimit()
	}
}

// A browserTab is one tab, and all that it complained about.
type browserTab struct {
	ctx   context.Context
	close func()
	url   string

	mu         sync.Mutex
	complaints []string
}

func openTab(t *testing.T, browser context.Context, url string) *browserTab {
	ctx, cancel := chromedp.NewContext(browser)
	b := &browserTab{ctx: ctx, close: cancel, url: url}
	require.NoError(t, chromedp.Do(ctx))
	require.NoError(t, chromedp.Listen(ctx, b.watch))
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800)))
	return b
}

// watch notes what a page must not do.
func (b *browserTab) watch(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		complaint = "console: " + string(e.Type)
	case *log.EventEntryAdded:
		complaint = "log: " + e.Entry.Text + " " + e.Entry.URL
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, b.url+"/") {
			return
		}
		complaint = "request: " + e.Request.URL
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, complaint)
}

func (b *browserTab) complained() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.complaints
}

// forget forgets complaints that had to be.
func (b *browserTab) forget(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var others []string
	for _, complaint := range b.complaints {
		if !strings.Contains(complaint, text) {
			others = append(others, complaint)
		}
	}
	b.complaints = others
}

// A tab is a browserTab in the hands of one test.
type tab struct {
	*browserTab
	t *testing.T
}

func (b *browserTab) in(t *testing.T) tab { return tab{b, t} }

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, actions...))
}

func (b tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// typeIn types where the focus is.
func (b tab) typeIn(text string) {
	b.t.Helper()
	call(b, input.InsertText, input.InsertTextParams{Text: text})
}

// press presses one key, as a person does: a page may keep the key from being typed.
func (b tab) press(key string) {
	b.t.Helper()
	params := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: key}
	if shifted, ok := strings.CutPrefix(key, "Shift+"); ok {
		params.Key, params.Modifiers = shifted, int64(chromedp.ModifierShift)
	}
	switch params.Key {
	case "Enter":
		params.Type, params.Text, params.WindowsVirtualKeyCode = input.DispatchKeyEventTypeKeyDown, "\r", 13
	case "Escape":
		params.WindowsVirtualKeyCode = 27
	}
	call(b, input.DispatchKeyEvent, params)
	params.Type, params.Text = input.DispatchKeyEventTypeKeyUp, ""
	call(b, input.DispatchKeyEvent, params)
}

// say says something in the message field.
func (b tab) say(text string) {
	b.t.Helper()
	value[bool](b, `document.getElementById("input").focus(), true`)
	b.typeIn(text)
	b.press("Enter")
	b.until(`document.getElementById("input").value === ""`)
}

// clear empties the message field.
func (b tab) clear() {
	b.t.Helper()
	value[bool](b, `((field) => { field.value = ""; field.dispatchEvent(new Event("input")); return true; })(document.getElementById("input"))`)
}

// away lets the page believe that its tab is hidden, or not any more.
func (b tab) away(hidden bool) {
	b.t.Helper()
	value[bool](b, fmt.Sprintf(`Object.defineProperty(document, "hidden", { configurable: true, get: () => %t }),
		document.dispatchEvent(new Event("visibilitychange"))`, hidden))
}

// until waits until an expression is true.
func (b tab) until(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience)))
	if err != nil {
		b.t.Logf("the page says: %s", value[string](b, `document.body.innerText`))
	}
	require.NoError(b.t, err, expression)
}

// patience is for a browser on a machine that is busy.
const patience = time.Minute

// value returns what an expression is in the page.
func value[T any](b tab, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, options...))
	require.NoError(b.t, err, expression)
	return result
}

func call[P, R any](b tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, command, params)
	require.NoError(b.t, err)
}

// last is an expression: the text of what is selected in the last line of that kind.
func last(line, inside string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].at(-1)?.querySelector(%q)?.textContent`, line, inside)
}

// people is an expression: whether these are listed, but for those who have not chosen a name.
func people(names string) string {
	return `[...document.querySelectorAll("#people bdi")].map((name) => name.textContent).filter((name) => !name.startsWith("guest")).join() === ` + names
}

func quoted(text string) string { return fmt.Sprintf("%q", text) }
