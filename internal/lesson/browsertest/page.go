package browsertest

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// A Page is a tab in the hands of one test, which it fails when something can't be done.
type Page struct {
	*Tab
	T *testing.T
}

// In returns the tab for a test, or for one of its subtests.
func (tab *Tab) In(t *testing.T) Page { return Page{tab, t} }

// Do does what chromedp can do.
func (p Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.T.Helper()
	require.NoError(p.T, chromedp.Do(p.ctx, actions...))
}

// Open opens a page of the site, and waits until its scripts have run.
func (p Page) Open(path string) {
	p.T.Helper()
	p.Do(chromedp.Navigate(p.site + path))
}

// Size gives the page another size, in CSS pixels.
func (p Page) Size(width, height int64) {
	p.T.Helper()
	p.Do(chromedp.EmulateViewport(width, height))
}

// steady is an expression: where the middle of an element is, when it can be clicked, has not moved for two
// frames and is not covered; else null.
const steady = `(async () => {
	const found = document.querySelector(%q);
	if (!found?.checkVisibility() || found.disabled) return null;
	const frame = () => new Promise((done) => requestAnimationFrame(done));
	const where = () => { const box = found.getClientRects()[0]; return box && [box.x + box.width / 2, box.y + box.height / 2]; };
	const first = where();
	await frame(); await frame();
	const now = where();
	if (!now || String(now) !== String(first)) return null;
	return found.contains(document.elementFromPoint(...now)) ? now : null;
})()`

// Click clicks at the first element that a CSS selector finds, when it is there, stands still and nothing lies over it.
// chromedp's own Click asks where it is, and clicks there a moment later: what a page moves meanwhile is missed.
// (Where scripts are off nothing tells when a frame was drawn: use that one there.)
func (p Page) Click(selector string) {
	p.T.Helper()
	p.Until(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility()`, selector))
	p.Do(chromedp.ScrollIntoView(chromedp.CSS(selector)))
	at, err := chromedp.Run(p.ctx, chromedp.Poll[[]float64](fmt.Sprintf(steady, selector), chromedp.WithPollingTimeout(Patience)))
	require.NoError(p.T, err, "%s can't be clicked", selector)
	p.Do(chromedp.MouseClickXY(at[0], at[1]))
}

// Type types text where the focus is, all at once.
func (p Page) Type(text string) {
	p.T.Helper()
	Call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// Press presses keys one after the other, as a person does: a page may keep a key from being typed, which [chromedp.KeyEvent]
// types all the same. A key is a character, or one of package kb.
func (p Page) Press(keys string, modifiers ...chromedp.Modifier) {
	p.T.Helper()
	for _, key := range keys {
		known, ok := kb.Keys[key]
		require.True(p.T, ok, "what is the key %q?", key)
		params := input.DispatchKeyEventParams{
			Type: input.DispatchKeyEventTypeRawKeyDown, Key: known.Key, Code: known.Code, WindowsVirtualKeyCode: known.Windows,
		}
		if known.Shift {
			params.Modifiers = int64(chromedp.ModifierShift)
		}
		for _, modifier := range modifiers {
			params.Modifiers |= int64(modifier)
		}
		if known.Print {
			params.Type, params.Text = input.DispatchKeyEventTypeKeyDown, known.Text
		}
		Call(p, input.DispatchKeyEvent, params)
		params.Type, params.Text = input.DispatchKeyEventTypeKeyUp, ""
		Call(p, input.DispatchKeyEvent, params)
	}
}

// Follow does something that leads to another page, and waits until it is there.
func (p Page) Follow(page string, do func()) {
	p.T.Helper()
	p.Arrive(do)
	require.Equal(p.T, page, Value[string](p, `location.pathname + location.hash`))
}

// Arrive does something that leads to another page, wherever that is, and waits until it is there.
func (p Page) Arrive(do func()) {
	p.T.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.WaitEvent(cdppage.LoadEventFired, nil, chromedp.Func(func(context.Context, *chromedp.Target) error {
		do()
		return nil
	})))
	require.NoError(p.T, err)
}

// Until waits until an expression is true. One that throws, because something is not there yet, isn't.
func (p Page) Until(expression string) {
	p.T.Helper()
	patient := `(() => { try { return (` + expression + `); } catch { return false; } })()`
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](patient, chromedp.WithPollingTimeout(Patience)))
	if err != nil && p.ctx.Err() == nil {
		p.T.Logf("%s says: %s", Value[string](p, `location.href`), Value[string](p, `document.body.innerText.slice(0, 4000)`))
	}
	require.NoError(p.T, err, expression)
}

// Watch looks from now on, whenever the page changes, whether an expression is true. The function that it returns waits until
// it has been: for what is there only for a moment, which [Page.Until] may come too late for.
func (p Page) Watch(expression string) (seen func()) {
	p.T.Helper()
	Value[bool](p, fmt.Sprintf(`(() => {
		const watched = window.watched ??= {};
		const look = () => { try { watched[%q] ||= (%s); } catch { /* not there yet */ } };
		new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
		look();
		return true;
	})()`, expression, expression))
	return func() {
		p.T.Helper()
		p.Until(fmt.Sprintf(`window.watched[%q]`, expression))
	}
}

// Prefer sets what the system prefers: "light" or "dark", and perhaps "reduced motion". What is not named it does not.
func (p Page) Prefer(wishes ...string) {
	p.T.Helper()
	var features []*emulation.MediaFeature
	for _, wish := range wishes {
		if wish == "reduced motion" {
			features = append(features, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
		} else {
			features = append(features, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: wish})
		}
	}
	Call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
}

// Picture returns a PNG of what is seen.
func (p Page) Picture() []byte {
	p.T.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p.T, err)
	return picture
}

// Value returns what an expression is in the page.
func Value[T any](p Page, expression string, options ...chromedp.EvaluateOption) T {
	p.T.Helper()
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, options...))
	require.NoError(p.T, err, expression)
	return result
}

// Call calls the browser's protocol.
func Call[P, R any](p Page, command cdp.Command[P, R], params P) R {
	p.T.Helper()
	result, err := chromedp.Call(p.ctx, command, params)
	require.NoError(p.T, err)
	return result
}
