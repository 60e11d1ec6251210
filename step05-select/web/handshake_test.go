package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step05-select/session"
)

func TestSite_handshake(t *testing.T) {
	without := func(name string) string {
		var kept []string
		for field := range strings.SplitAfterSeq(shake, "\r\n") {
			if !strings.HasPrefix(field, name) {
				kept = append(kept, field)
			}
		}
		return strings.Join(kept, "")
	}
	for name, test := range map[string]struct {
		request string
		status  int
		content string
	}{
		"as it should be":        {handshake("/chat", shake), 101, ""},
		"from our page":          {handshake("/chat", shake+"Origin: http://chat.example:8081\r\n"), 101, ""},
		"over a TLS proxy":       {handshake("/chat", shake+"Origin: https://CHAT.example:8081\r\n"), 101, ""},
		"from another site":      {handshake("/chat", shake+"Origin: http://evil.example\r\n"), 403, "only this server's own page"},
		"from another port":      {handshake("/chat", shake+"Origin: http://chat.example:8082\r\n"), 403, "own page"},
		"from a longer name":     {handshake("/chat", shake+"Origin: http://chat.example:8081.evil.example\r\n"), 403, "own page"},
		"from a longer port":     {handshake("/chat", shake+"Origin: http://chat.example:80811\r\n"), 403, "own page"},
		"from a user's name":     {handshake("/chat", shake+"Origin: http://chat.example:8081@evil.example\r\n"), 403, "own page"},
		"from nowhere":           {handshake("/chat", shake+"Origin: null\r\n"), 403, "own page"},
		"from nowhere to nobody": {strings.Replace(handshake("/chat", shake+"Origin: null\r\n"), "Host: chat.example:8081", "Host:", 1), 400, "Host"},
		"from what is no URL":    {handshake("/chat", shake+"Origin: http://%zz\r\n"), 403, "own page"},
		"an old version":         {handshake("/chat", without("Sec-WebSocket-Version")+"Sec-WebSocket-Version: 8\r\n"), 426, "must be 13"},
		"no version":             {handshake("/chat", without("Sec-WebSocket-Version")), 426, "must be 13"},
		"no key":                 {handshake("/chat", without("Sec-WebSocket-Key")), 400, "16 bytes"},
		"a key of another size":  {handshake("/chat", without("Sec-WebSocket-Key")+"Sec-WebSocket-Key: AAAA\r\n"), 400, "16 bytes"},
		"no Upgrade":             {handshake("/chat", without("Upgrade")), 426, "this is for WebSockets"},
		"no Connection":          {handshake("/chat", without("Connection")), 426, "this is for WebSockets"},
		"an ordinary request":    {handshake("/chat", ""), 426, "this is for WebSockets"},
		"another method":         {strings.Replace(handshake("/chat", shake), "GET", "POST", 1), 405, "POST"},
		"HTTP/1.0":               {strings.Replace(handshake("/chat", shake), "HTTP/1.1", "HTTP/1.0", 1), 426, "this is for WebSockets"},
	} {
		synctest.Test(t, func(t *testing.T) {
			listener := memnet.Listen()
			_, stop := start(t, listener)
			defer stop()
			p := dial(t, listener)
			defer p.conn.Close()
			response := p.ask(test.request)
			require.Equal(t, test.status, response.StatusCode, name)
			switch test.status {
			case 101:
				require.Equal(t, shaken, response.Header.Get("Sec-WebSocket-Accept"), name)
				require.Equal(t, "websocket", response.Header.Get("Upgrade"), name)
				require.Equal(t, session.Named, p.next().Kind, name)
				return
			case 426:
				require.Equal(t, "13", response.Header.Get("Sec-WebSocket-Version"), name)
				require.Equal(t, "websocket", response.Header.Get("Upgrade"), name)
			}
			content, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.Contains(t, string(content), test.content, name)
		})
	}
}

func TestSite_headIsNoHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		_, stop := start(t, listener)
		defer stop()
		p := dial(t, listener)
		defer p.conn.Close()
		_, err := io.WriteString(p.conn, strings.Replace(handshake("/chat", shake), "GET", "HEAD", 1))
		require.NoError(t, err)
		response, err := http.ReadResponse(p.in, &http.Request{Method: "HEAD"})
		require.NoError(t, err)
		require.Equal(t, 426, response.StatusCode)
	})
}
