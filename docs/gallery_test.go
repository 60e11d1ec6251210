package main_test

import (
	"os"
	"path/filepath"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/browsertest"
)

// gallery takes the pictures of workshop/pictures.md, if PICTURES names a folder: of what the page shows
// right now, on a phone and on a projector, light and dark. The phone's begins at the element
// phone ("" for no phone), the projector's at the element projector ("" for where the page is).
//
// A picture of the projector is kept smaller than it was seen: else each would be 150 KB of every clone.
// Who calls it must not rely on the page's size afterwards.
func gallery(b browsertest.Page, name, phone, projector string) {
	b.T.Helper()
	folder := os.Getenv("PICTURES")
	if folder == "" {
		return
	}
	shoot := func(screen, selector string, width, height int64, scale float64) {
		for _, theme := range []string{"light", "dark"} {
			look(b, width, height, theme)
			if selector != "" {
				browsertest.Value[bool](b, `document.querySelector("`+selector+`").scrollIntoView(), scrollBy(0, -70), true`)
			}
			at := browsertest.Value[[]float64](b, `[scrollX, scrollY]`)
			shot := browsertest.Call(b, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{
				Format: cdppage.CaptureScreenshotFormatJpeg, Quality: new(int64(70)),
				Clip: &cdppage.Viewport{X: at[0], Y: at[1], Width: float64(width), Height: float64(height), Scale: scale},
			})
			file := filepath.Join(folder, name+"-"+screen+"-"+theme+".jpg")
			require.NoError(b.T, os.WriteFile(file, shot.Data, 0o644))
		}
	}
	if phone != "" {
		shoot("phone", phone, 390, 844, 1)
	}
	shoot("projector", projector, 1920, 1080, 0.6)
	b.Prefer()
	b.Size(1280, 720)
}
