package httpd

import (
	"bufio"
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
)

func TestAccessLog_hasALineForEachAnswer(t *testing.T) {
	var log bytes.Buffer // is read when the server has stopped
	router := new(Router)
	router.HandleFunc("GET", "/users/{id}", func(w *ResponseWriter, r *Request) { w.WriteString("user 7...") })
	router.HandleFunc("GET", "/stream", func(w *ResponseWriter, r *Request) { w.Stream(io.NopCloser(strings.NewReader("12345")), -1) })
	router.HandleFunc("GET", "/panic", func(w *ResponseWriter, r *Request) { panic("as the test asked") })
	router.HandleFunc("GET", "/abort", func(w *ResponseWriter, r *Request) { panic(tcp.ErrAbortHandler) })
	address, stop := serveTCP(t, &Server{
		Handler: router, AccessLog: slog.New(slog.NewTextHandler(&log, nil)), Logger: slog.New(slog.DiscardHandler),
		Timeouts: Timeouts{Body: 30 * time.Millisecond},
	})
	for _, request := range []string{
		"GET /users/7?x=y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		"HEAD /users/7 HTTP/1.0\r\n\r\n",
		"GET /stream HTTP/1.0\r\n\r\n",
		"GET /panic HTTP/1.0\r\n\r\n",
		"GET /abort HTTP/1.0\r\n\r\n",
		"GET /bad-version HTTP/3.0\r\n\r\n",
		"GET /bad-field HTTP/1.1\r\nHost : a\r\n\r\n",
		"POST /late HTTP/1.0\r\nContent-Length: 10\r\n\r\n",
		"POST /expects HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
	} {
		conn, reader := dialTCP(t, address)
		_, err := io.WriteString(conn, request)
		require.NoError(t, err)
		_, err = io.ReadAll(reader)
		require.NoError(t, err)
		conn.Close()
	}
	stop()
	var lines []string
	for scanner := bufio.NewScanner(&log); scanner.Scan(); {
		_, line, _ := strings.Cut(scanner.Text(), "method=")
		line, _, _ = strings.Cut(line, " took=")
		lines = append(lines, line)
	}
	require.Equal(t, []string{
		`GET target="/users/7?x=y" status=200 bytes=9`,
		`HEAD target=/users/7 status=200 bytes=0`,
		`GET target=/stream status=200 bytes=5`,
		`GET target=/panic status=500 bytes=26`,
		`"" target="" status=505 bytes=99`,
		`GET target=/bad-field status=400 bytes=95`,
		`POST target=/late status=408 bytes=83`,
		`POST target=/expects status=404 bytes=45`,
	}, lines)
}
