package web_test

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/browsertest"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

// A page of a server that says what the test wants: what comes late from other servers, and what is hidden, does so each time.
func TestPage_whatWasSaidBefore(t *testing.T) {
	lesson.PlainOnly(t, "it starts a browser")
	events := make(chan session.Event)
	site := &web.Site{Hub: hub.New(hub.Config{}), Serve: func(_ context.Context, conn net.Conn, codec session.Codec, _ hub.Entry, _ []byte) error {
		left := make(chan struct{})
		go func() {
			defer close(left)
			_, _ = io.Copy(io.Discard, conn) // its questions are not answered
		}()
		for {
			select {
			case <-left:
				return nil
			case e := <-events:
				if _, err := conn.Write(codec.Format().Append(nil, &e)); err != nil {
					return err
				}
			}
		}
	}}
	url, stop := serve(t, "127.0.0.1:0", site.Handler())
	defer func() { require.NoError(t, stop()) }()
	tab, quit := browsertest.Start(t, url)
	defer quit()
	tell := func(all ...session.Event) {
		for _, e := range all {
			events <- e
		}
	}
	enters := func(room string, count int) {
		tell(session.Event{Kind: session.Entered, Room: room, Count: count})
	}
	said := func(id uint64, text string) session.Event {
		return session.Event{Kind: session.Said, ID: id, Time: time.UnixMicro(int64(id)), From: "bob", Text: text}
	}
	const now = 1_700_000_000_000_000
	const texts = `[...document.querySelectorAll(".message .text, .rule")].map((line) => line.textContent).join()`
	tab.In(t).Open("/")
	tell(session.Event{Kind: session.Named, To: "ada"})

	t.Run("what comes after something new is shown all the same", func(t *testing.T) {
		page := tab.In(t)
		enters("#go", 2)
		tell(said(now+3, "new"))
		tell(session.Event{Kind: session.Earlier, Room: "#go", Count: 2, ID: now + 2}, said(now+1, "one"), said(now+2, "two"), said(now+4, "newer"))
		page.Until(texts + ` === "new,2 messages said before you came,one,two,until now,newer"`)
	})

	t.Run("what is hidden does not make new what was said before, nor old what is new", func(t *testing.T) {
		page := tab.In(t)
		enters("#other", 2)
		browsertest.Value[bool](page, hidden("true"))
		tell(session.Event{Kind: session.Earlier, Room: "#other", Count: 3, ID: now + 12}, said(now+10, "old"), said(now+20, "new"))
		page.Until(texts + ` === "old,new messages,new" && document.title === "(1) #other"`)
		browsertest.Value[bool](page, hidden("false"))
	})

	t.Run("there is a way back to the lobby, though nobody is there", func(t *testing.T) {
		page := tab.In(t)
		tell(session.Event{Kind: session.Rooms, Count: 1, Names: []string{"#other (2)"}})
		page.Until(`[...document.querySelectorAll("#rooms a")].map((room) => room.textContent).join() === "#other2 people,#lobby0 people"`)
	})
	require.Empty(t, tab.Complained(), "in all of this")
}

// hidden is an expression that lets the page believe that its tab is hidden, or not any more.
func hidden(really string) string {
	return `Object.defineProperty(document, "hidden", { configurable: true, get: () => ` + really + ` }),
		document.dispatchEvent(new Event("visibilitychange"))`
}
