package site

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// answer lets the site's routes answer a request, without a connection.
func answer(t *testing.T, request string) *http.Response {
	t.Helper()
	return answerOf(t, Routes(new(httpd.Stats)), request)
}

func answerOf(t *testing.T, handler httpd.Handler, request string) *http.Response {
	t.Helper()
	parser := http1.NewParser(http1.Limits{})
	_, complete, err := parser.Parse([]byte(request))
	require.NoError(t, err)
	require.True(t, complete)
	var x httpd.Exchange
	x.Reset()
	defer x.Reset()
	require.NoError(t, x.Answer(t.Context(), handler, parser.Request(), nil))
	head, framing, err := x.Append(nil, "Sat, 01 Jan 2000 00:00:00 GMT", true)
	require.NoError(t, err)
	if stream, _ := x.Stream(); stream != nil {
		content, err := io.ReadAll(stream)
		require.NoError(t, err)
		if framing.Content == http1.ChunkedContent {
			content = append(http1.AppendChunk(nil, content), http1.LastChunk...)
		}
		head = append(head, content...)
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(head)), nil)
	require.NoError(t, err)
	return response
}

func content(t *testing.T, response *http.Response) string {
	t.Helper()
	all, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(all)
}

func TestRoutes_sayHelloAndEcho(t *testing.T) {
	hello := answer(t, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.Equal(t, "text/plain", hello.Header.Get("Content-Type"))
	require.Equal(t, "Hello, world!", content(t, hello))
	require.Equal(t, "again", content(t, answer(t, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nagain")))
	require.Contains(t, content(t, answer(t, "GET /api/stats HTTP/1.1\r\nHost: a\r\n\r\n")), `"uptime_seconds":`)
}

func TestRoutes_streamTenEventsOneASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		events := strings.Split(content(t, answer(t, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")), "\n\n")
		require.Len(t, events, 11, "ten, and nothing after the last")
		require.Equal(t, "id: 1\ndata: event 1 of 10", events[0])
		require.Equal(t, "id: 10\ndata: event 10 of 10", events[9])
		require.Equal(t, 9*time.Second, time.Since(began))
	})
}
