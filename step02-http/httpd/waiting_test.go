package httpd

import (
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

// A cutConn is a connection that somebody can cut for good, as a stopping tcp.Server does.
type cutConn struct {
	net.Conn
	cutOff atomic.Bool
}

func (c *cutConn) SetReadDeadline(t time.Time) error {
	if c.cutOff.Load() {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

func (c *cutConn) cut() {
	c.cutOff.Store(true)
	c.Conn.SetReadDeadline(time.Unix(1, 0))
}

// abortsAtHead answers hello, but wants to see no body.
type abortsAtHead struct{ HandlerFunc }

func (abortsAtHead) RefuseHead(*ResponseWriter, *Request) bool { panic(tcp.ErrAbortHandler) }

func TestServeTCP_endsWhenAHandlerAbortsAtTheHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, accepted := memnet.Pipe()
		defer client.Close()
		began := time.Now()
		done := make(chan error)
		go func() {
			done <- (&Server{Handler: abortsAtHead{noContent}}).ServeTCP(t.Context(), accepted)
			accepted.Close()
		}()
		_, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\nPUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
		require.NoError(t, err)
		require.NoError(t, <-done)
		require.Zero(t, time.Since(began), "no body is waited for")
		all, err := io.ReadAll(client)
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(all), "HTTP/1.1 "), "the first request is answered, the second has no response: %s", all)
		require.Contains(t, string(all), "HTTP/1.1 204 ")
	})
}

func TestServeTCP_returnsWhenTheConnectionIsCutAndItsContextHasNotEnded(t *testing.T) {
	for _, test := range []struct {
		name, sent string
		err        error
	}{
		{"waitsIdle", "", errCut},
		{"waitsHead", "GET / HTTP/1.1\r\n", errCut},
		{"waitsBody", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf", errCut},
		{"waitsClose", "GET / HTTP/1.0\r\n\r\n", nil},
	} {
		for _, limit := range []time.Duration{0, -1} { // the default, and none
			t.Run(test.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, accepted := memnet.Pipe()
					defer client.Close()
					defer accepted.Close()
					_, err := io.WriteString(client, test.sent)
					require.NoError(t, err)
					server := &Server{Handler: noContent, Timeouts: Timeouts{Head: limit, Body: limit, Idle: limit}}
					conn, done := &cutConn{Conn: accepted}, make(chan error)
					began := time.Now()
					go func() { done <- server.ServeTCP(t.Context(), conn) }()
					synctest.Wait() // it waits for more
					conn.cut()
					require.ErrorIs(t, <-done, test.err)
					require.Zero(t, time.Since(began), "no time limit was over")
				})
			})
		}
	}
}
