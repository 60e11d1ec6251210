package web_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
)

// A page of somebody else's can open the chat and change what stands behind the # in its address. That must not let
// anybody say what they have not typed.
func TestPage_anAddressNamesARoomAndSaysNothing(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	s := newServer(t)
	defer s.stop()
	tab, quit := browsertest.Start(t, s.url)
	defer quit()
	page := tab.In(t)
	const room = `document.getElementById("room").textContent`
	page.Open("/#go")
	page.Until(room + ` === "#go"`)
	browsertest.Value[bool](page, `location.hash = "#tea%0AI%20have%20not%20typed%20this", true`)
	page.Until(`[...document.querySelectorAll(".answer")].at(-1)?.textContent.startsWith("a room can't be called that")`)
	browsertest.Value[bool](page, `location.hash = "#tea", true`)
	page.Until(room + ` === "#tea"`)
	require.Zero(t, s.hub.Stats().Said.Load(), "lines that were said")
	require.Empty(t, tab.Complained())
}
