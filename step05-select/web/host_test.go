package web_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/web"
)

// A page that is loaded from a name which is then made to point to 127.0.0.1 has our address, and its own name in
// Host and in Origin: both agree, and it is a stranger's all the same.
func TestSite_onLoopbackIsReachedByNoOtherName(t *testing.T) {
	statuses := map[string]int{
		"127.0.0.1:8081": 101, "127.0.0.1": 101, "127.9.9.9:8081": 101, "localhost:8081": 101, "LocalHost:8081": 101,
		"localhost.:8081": 101, "chat.localhost:8081": 101, "[::1]:8081": 101, "[::1]": 101,
		"evil.example:8081": 421, "evil.example": 421, "localhost.evil.example:8081": 421, "notlocalhost:8081": 421,
		"127.0.0.1.evil.example:8081": 421, "192.168.0.7:8081": 421, "0.0.0.0:8081": 421, "[fe80::1]:8081": 421,
	}
	synctest.Test(t, func(t *testing.T) {
		chat := hub.New(hub.Config{})
		site := &web.Site{Hub: chat, Serve: (&selectloop.Server{Hub: chat}).ServeClient, Local: true}
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error)
		go func() { served <- (&httpd.Server{Handler: site.Handler()}).Serve(ctx, listener) }()
		for host, status := range statuses {
			p := dial(t, listener)
			from := func(request string) string {
				return strings.Replace(request, "Host: chat.example:8081", "Host: "+host, 1)
			}
			if status == 421 {
				for _, path := range []string{"/", "/page.js", "/api/stats"} { // not even what it could read
					response := p.ask(from(handshake(path, "")))
					require.Equal(t, 421, response.StatusCode, "%s of %s", path, host)
					content, err := io.ReadAll(response.Body)
					require.NoError(t, err)
					require.Contains(t, string(content), "localhost")
				}
			}
			response := p.ask(from(handshake("/chat", shake+"Origin: http://"+host+"\r\n")))
			require.Equal(t, status, response.StatusCode, host)
			p.conn.Close()
		}
		stop()
		require.NoError(t, <-served)
	})
}

func TestIsLoopback(t *testing.T) {
	for address, loopback := range map[string]bool{
		"127.0.0.1:8081": true, "127.1.2.3:1": true, "[::1]:8081": true, "0.0.0.0:8081": false, "[::]:8081": false, "192.0.2.1:80": false,
	} {
		resolved, err := net.ResolveTCPAddr("tcp", address)
		require.NoError(t, err)
		require.Equal(t, loopback, web.IsLoopback(resolved), address)
	}
	require.False(t, web.IsLoopback(&net.UnixAddr{Name: "/tmp/chat"}))
}
