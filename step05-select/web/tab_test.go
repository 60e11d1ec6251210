package web_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/browsertest"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

// patience is for a machine that is busy.
const patience = browsertest.Patience

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

// say says something in the message field.
func say(b browsertest.Page, text string) {
	b.T.Helper()
	browsertest.Value[bool](b, `document.getElementById("input").focus(), true`)
	b.Type(text)
	b.Press(kb.Enter)
	b.Until(`document.getElementById("input").value === ""`)
}

// emptyField empties the message field.
func emptyField(b browsertest.Page) {
	b.T.Helper()
	browsertest.Value[bool](b, `((field) => { field.value = ""; field.dispatchEvent(new Event("input")); return true; })(document.getElementById("input"))`)
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
