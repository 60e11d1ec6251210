package browsertest

import (
	"context"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const (
	// Patience is how long one wait may take: the machine may be busy.
	Patience = time.Minute

	// lifetime is how long a browser may live, so that one that hangs ends before go test does.
	lifetime = 5 * time.Minute
)

// A Tab is one tab of Chromium, and all that it complained about. A test uses it through [Tab.In].
type Tab struct {
	ctx   context.Context
	site  string // the address of the server, without a slash at its end
	close func()

	mu         sync.Mutex
	complaints []string
}

// Start starts a browser with an empty profile, and one tab for the pages of a site, as in
// "http://127.0.0.1:8000". It skips the test where there is no Chromium. quit ends the browser with all its tabs.
func Start(t *testing.T, site string) (tab *Tab, quit func()) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program(t)),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, // containers have no user namespaces
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancelLimit := context.WithTimeout(context.Background(), lifetime)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	ctx, cancelTab := chromedp.NewContext(ctx)
	quit = func() {
		_ = chromedp.Cancel(ctx) // waits for the browser's end
		cancelTab()
		cancelAllocator()
		cancelLimit()
	}
	tab = newTab(t, ctx, site, quit)
	tab.In(t).Size(1280, 800)
	return tab, quit
}

// program is the browser's path.
func program(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Skip("there is no Chromium on this machine")
	return ""
}

func newTab(t *testing.T, ctx context.Context, site string, close func()) *Tab {
	t.Helper()
	tab := &Tab{ctx: ctx, site: site, close: close}
	err := chromedp.Do(ctx) // opens it
	if err == nil {
		err = chromedp.Listen(ctx, tab.watch)
	}
	if err != nil {
		close()
		require.NoError(t, err)
	}
	return tab
}

// Another opens another tab of the same browser.
func (tab *Tab) Another(t *testing.T, site string) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(tab.ctx)
	another := newTab(t, ctx, site, cancel)
	another.In(t).Size(1280, 800)
	return another
}

// Opens does something that lets a page open another window, and returns it when it has an address that holds part.
func (tab *Tab) Opens(t *testing.T, part string, do func()) *Tab {
	t.Helper()
	opened := chromedp.WaitNewTarget(tab.ctx, func(info *target.Info) bool { return strings.Contains(info.URL, part) })
	do()
	select {
	case id := <-opened:
		ctx, cancel := chromedp.NewContext(tab.ctx, chromedp.WithTargetID(id))
		return newTab(t, ctx, tab.site, cancel)
	case <-time.After(Patience):
		require.Fail(t, "no window was opened", "with %s in its address", part)
		return nil
	}
}

// Close closes the tab. It may be called twice.
func (tab *Tab) Close() { tab.close() }

// watch notes what a page must not do.
func (tab *Tab) watch(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		complaint = "console: " + string(e.Type)
	case *log.EventEntryAdded:
		complaint = "log: " + e.Entry.Text + " " + e.Entry.URL
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, tab.site+"/") {
			return
		}
		complaint = "request: " + e.Request.URL
	default:
		return
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.complaints = append(tab.complaints, complaint)
}

// Complained returns what the pages did that they must not: exceptions, words in the console, what
// the browser logged, requests to other sites.
func (tab *Tab) Complained() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return tab.complaints
}

// Forget forgets the complaints with this text: those that had to be.
func (tab *Tab) Forget(text string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	var others []string
	for _, complaint := range tab.complaints {
		if !strings.Contains(complaint, text) {
			others = append(others, complaint)
		}
	}
	tab.complaints = others
}
