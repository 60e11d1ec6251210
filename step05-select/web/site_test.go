package web_test

import (
	"encoding/json"
	"io"
	"testing"
	"testing/synctest"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

func TestSite_whatIsAskedForInTheQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		defer stop()
		ann := open(t, listener, "/chat?name=ann&room=%23go")
		defer ann.conn.Close()
		require.Equal(t, session.Event{Kind: session.Named, To: "ann"}, ann.next())
		require.Equal(t, session.Event{Kind: session.Entered, Room: "#go", Count: 1}, ann.next())
		ann.say("one\ntwo")
		first, second := ann.next(), ann.next()
		require.Equal(t, []string{"one", "two"}, []string{first.Text, second.Text}, "the page is told what it says itself")

		since := open(t, listener, "/chat?name=a%20b&room=go&since="+idOf(first))
		defer since.conn.Close()
		require.Equal(t, "guest2", since.next().To, "a name that can't be had is as good as none")
		require.Equal(t, session.Event{Kind: session.Entered, Room: "#go", Count: 2}, since.next())
		require.Equal(t, session.Event{Kind: session.Earlier, ID: second.ID, Room: "#go", Count: 1}, since.next())
		require.Equal(t, second, since.next())

		wrong := open(t, listener, "/chat?since=x&room=a;b")
		defer wrong.conn.Close()
		require.Equal(t, "guest3", wrong.next().To)
		require.Equal(t, session.Lobby, wrong.next().Room)
	})
}

func idOf(e session.Event) string {
	encoded, _ := json.Marshal(e.ID)
	return string(encoded)
}

func TestSite_hearsWhatCameWithTheHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		defer stop()
		p := dial(t, listener)
		defer p.conn.Close()
		early := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte("too early? no"))))
		require.Equal(t, 101, p.ask(handshake("/chat", shake)+string(early)).StatusCode)
		p.next()
		p.next()
		require.Equal(t, "too early? no", p.next().Text)
	})
}

func TestSite_endsEachConnectionWithTheRightStatus(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(p *peer)
		code ws.StatusCode
	}{
		"the client closes": {func(p *peer) {
			p.send(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, "")))
		}, ws.StatusGoingAway},
		"the client leaves": {func(p *peer) {
			p.say("/quit")
			require.Equal(p.t, "goodbye", p.next().Text)
		}, ws.StatusNormalClosure},
		"bytes":     {func(p *peer) { p.send(ws.NewBinaryFrame([]byte("x"))) }, ws.StatusUnsupportedData},
		"not UTF-8": {func(p *peer) { p.say("\xff") }, ws.StatusInvalidFramePayloadData},
		"no mask":   {func(p *peer) { require.NoError(p.t, ws.WriteFrame(p.conn, ws.NewTextFrame([]byte("x")))) }, ws.StatusProtocolError},
		"too large": {func(p *peer) {
			require.NoError(p.t, ws.WriteHeader(p.conn, ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: 1 << 20}))
		}, ws.StatusMessageTooBig},
	} {
		synctest.Test(t, func(t *testing.T) {
			listener := memnet.Listen()
			_, stop := start(t, listener)
			defer stop()
			p := open(t, listener, "/chat")
			defer p.conn.Close()
			p.next()
			p.next()
			test.do(p)
			require.Equal(t, test.code, p.ends(), name)
		})
	}
}

func TestSite_answersPingsAndAsksThoseWhoAreSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		defer stop()
		p := open(t, listener, "/chat")
		defer p.conn.Close()
		p.next()
		p.next()
		p.send(ws.NewPingFrame([]byte("there?")))
		pong, err := web.ReadFrame(p.in)
		require.NoError(t, err)
		require.Equal(t, ws.NewPongFrame([]byte("there?")), pong)
		for range 3 {
			ping, err := web.ReadFrame(p.in)
			require.NoError(t, err)
			require.Equal(t, ws.OpPing, ping.Header.OpCode)
		}
		_, err = web.ReadFrame(p.in)
		require.ErrorIs(t, err, io.EOF, "it must be gone")
	})
}

func TestSite_saysThatTheServerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		p := open(t, listener, "/chat")
		defer p.conn.Close()
		p.next()
		p.next()
		stop()
		require.Equal(t, "the server stops; goodbye", p.next().Text)
		require.Equal(t, ws.StatusGoingAway, p.ends())
	})
}

func TestSite_servesThePageAndItsFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		defer stop()
		p := dial(t, listener)
		defer p.conn.Close()
		for path, contentType := range map[string]string{
			"/": "text/html; charset=utf-8", "/page.css": "text/css; charset=utf-8", "/page.js": "text/javascript; charset=utf-8",
			"/icon.svg": "image/svg+xml",
		} {
			response := p.ask(handshake(path, ""))
			content, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.Equal(t, 200, response.StatusCode, path)
			require.NotEmpty(t, content, path)
			require.Equal(t, contentType, response.Header.Get("Content-Type"), path)
			require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self';")
			require.Contains(t, response.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
			require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			require.Equal(t, "no-referrer", response.Header.Get("Referrer-Policy"))
			require.Equal(t, "no-cache", response.Header.Get("Cache-Control"))

			again := p.ask(handshake(path, "If-None-Match: "+response.Header.Get("ETag")+"\r\n"))
			require.Equal(t, 304, again.StatusCode, path)
		}
		require.Equal(t, 404, p.ask(handshake("/page", "")).StatusCode)
	})
}

func TestSite_saysWhatTheServerHasDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		defer stop()
		ann := open(t, listener, "/chat?name=ann&room=go")
		defer ann.conn.Close()
		ann.next()
		ann.next()
		ann.say("hello")
		ann.next()
		synctest.Wait()
		p := dial(t, listener)
		defer p.conn.Close()
		response := p.ask(handshake("/api/stats", ""))
		require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
		var stats struct {
			Connections struct{ Now int }
			Chat        struct{ Users, Rooms, Said, Delivered, Missed int }
		}
		require.NoError(t, json.NewDecoder(response.Body).Decode(&stats))
		require.Equal(t, 2, stats.Connections.Now)
		require.Equal(t, 1, stats.Chat.Users)
		require.Equal(t, 1, stats.Chat.Rooms)
		require.Equal(t, 1, stats.Chat.Said)
		require.Positive(t, stats.Chat.Delivered)
		require.Zero(t, stats.Chat.Missed)
	})
}
