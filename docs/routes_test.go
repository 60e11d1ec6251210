package main

import (
	"net"

	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/book"
	"example.com/async/docs/progress"
	"example.com/async/docs/progress/gradetest"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// What is live runs code. On an address that others reach there is nothing of it, and nothing is graded.
func TestRoutes_areLiveForThisMachineAlone(t *testing.T) {
	repository := gradetest.New(t).Four()
	course, err := progress.New(repository.Root)
	require.NoError(t, err)
	site, err := book.Build(fstest.MapFS{"00-start.md": {Data: []byte("# Start\n")}}, nil)
	require.NoError(t, err)
	ask := func(address net.Addr, request string) (status int, content string) {
		handler, err := routes(site, course, address)
		require.NoError(t, err)
		parser := http1.NewParser(http1.Limits{})
		head := request + " HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n"
		if strings.HasPrefix(request, "POST") {
			head += "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
		} else {
			head += "\r\n"
		}
		_, complete, err := parser.Parse([]byte(head))
		require.NoError(t, err)
		require.True(t, complete)
		var x httpd.Exchange
		x.Reset()
		defer x.Reset()
		require.NoError(t, x.Answer(t.Context(), handler, parser.Request(), nil))
		out, _, err := x.Append(nil, "Sat, 01 Jan 2000 00:00:00 GMT", false)
		require.NoError(t, err)
		return x.Response.Status(), string(out)
	}
	here := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000}
	for _, others := range []net.IP{net.IPv4zero, net.IPv6unspecified, net.IPv4(192, 168, 0, 7)} {
		there := &net.TCPAddr{IP: others, Port: 8000}
		for request, want := range map[string]int{
			"GET /solution.html?of=step01-x%2Fexercises%2Ffail": 200, "GET /live/progress/progress.js": 200,
			"POST /live/progress/grade": 404, "POST /live/parser": 200, "POST /live/models": 400,
			"POST /live/scheduler": 200, "POST /live/chat/none": 410,
		} {
			status, _ := ask(here, request)
			require.Equal(t, want, status, request)
			status, _ = ask(there, request)
			require.Contains(t, []int{404, 405}, status, "%s, on %v", request, others)
		}
		// In the place of these two the book has others, which know nothing.
		for _, request := range []string{"GET /progress.html", "GET /live/progress.json"} {
			_, known := ask(here, request)
			status, unknown := ask(there, request)
			require.Equal(t, 200, status, request)
			require.Regexp(t, `fail it|"of":4`, known, request)
			require.NotRegexp(t, `fail it|"of":4`, unknown, request)
		}
		status, _ := ask(there, "GET /play/play.js")
		require.Equal(t, 200, status, "it tells the reader why a picture does not move")
		course, ended := follow(t.Context(), repository.Root, there)
		require.Nil(t, course)
		<-ended
	}
}
