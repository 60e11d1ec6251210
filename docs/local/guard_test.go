package local

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

const reached = 299 // what the handler behind the guard answers

func loopback(port int) net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port} }

// behind is a handler that says that it was reached.
var behind = httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) { w.SetStatus(reached) })

// ask sends a request through a handler, as the engine does, and returns the status.
func ask(t *testing.T, handler httpd.Handler, request string) int {
	t.Helper()
	parser := http1.NewParser(http1.Limits{})
	_, complete, err := parser.Parse([]byte(request))
	require.NoError(t, err)
	require.True(t, complete, "the test's request is not complete")
	var x httpd.Exchange
	x.Reset()
	defer x.Reset()
	require.NoError(t, x.Answer(t.Context(), handler, parser.Request(), nil))
	return x.Response.Status()
}

func get(fields ...string) string {
	return "GET /live/x HTTP/1.1\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n"
}

func post(body string, fields ...string) string {
	fields = append(fields, fmt.Sprintf("Content-Length: %d", len(body)))
	return "POST /live/x HTTP/1.1\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n" + body
}

func TestGuard(t *testing.T) {
	const (
		host   = "Host: 127.0.0.1:8000"
		origin = "Origin: http://127.0.0.1:8000"
		json   = "Content-Type: application/json"
	)
	passes, foreign := reached, 403
	for _, test := range []struct {
		name, request string
		want          int
	}{
		{"the book's own page asks", get(host, "Sec-Fetch-Site: same-origin"), passes},
		{"curl asks", get(host), passes},
		{"the reader types the address", get(host, "Sec-Fetch-Site: none"), passes},
		{"localhost", get("Host: localhost:8000"), passes},
		{"LocalHost", get("Host: LocalHost:8000", "Origin: http://localhost:8000"), passes},
		{"IPv6 loopback", get("Host: [::1]:8000", "Origin: http://[::1]:8000"), passes},
		{"another loopback address", get("Host: 127.0.0.2:8000"), passes},
		{"the whole address as target", "GET http://127.0.0.1:8000/live/x HTTP/1.1\r\nHost: evil.example\r\n\r\n", passes},
		{"the book's own page changes something", post("{}", host, origin, json, "Sec-Fetch-Site: same-origin"), passes},
		{"JSON with a charset", post("{}", host, "Content-Type: Application/JSON; charset=utf-8"), passes},
		{"a body that is just short enough", post(strings.Repeat(" ", MaxBody), host, json), passes},

		{"DNS rebinding", get("Host: evil.example:8000", "Origin: http://evil.example:8000", "Sec-Fetch-Site: same-origin"), foreign},
		{"DNS rebinding without a port", get("Host: evil.example"), foreign},
		{"a name that begins as ours", get("Host: 127.0.0.1.evil.example:8000"), foreign},
		{"a name below localhost", get("Host: evil.localhost:8000"), foreign},
		{"a neighbour's address", get("Host: 192.168.0.7:8000"), foreign},
		{"the address that stands for all", get("Host: 0.0.0.0:8000"), foreign},
		{"another port", get("Host: 127.0.0.1:8001"), foreign},
		{"no port", get("Host: 127.0.0.1"), foreign},
		{"no host", "GET /live/x HTTP/1.0\r\n\r\n", foreign},
		{"the whole address of somebody else", "GET http://evil.example/live/x HTTP/1.1\r\n" + host + "\r\n\r\n", foreign},

		{"a foreign page", get(host, "Origin: http://evil.example"), foreign},
		{"a foreign page with our port", get(host, "Origin: http://evil.example:8000"), foreign},
		{"a page of another port", get(host, "Origin: http://127.0.0.1:8001"), foreign},
		{"a page over TLS", get(host, "Origin: https://127.0.0.1:8000"), foreign},
		{"our page under another name", get(host, "Origin: http://localhost:8000"), foreign},
		{"a page in a sandbox, or a file", get(host, "Origin: null"), foreign},
		{"an empty origin", get(host, "Origin: "), foreign},
		{"a second origin", get(host, origin, "Origin: http://evil.example"), foreign},
		{"a foreign page that hides its origin", get(host, "Sec-Fetch-Site: cross-site"), foreign},
		{"a server on another port of this machine", get(host, "Sec-Fetch-Site: same-site"), foreign},
		{"a foreign page that changes something", post("{}", host, json, "Origin: http://evil.example"), foreign},
		{"the question before it", "OPTIONS /live/x HTTP/1.1\r\n" + host + "\r\nOrigin: http://evil.example\r\n\r\n", foreign},

		{"a form", post("a=1", host, origin, "Content-Type: application/x-www-form-urlencoded"), 415},
		{"a form with files", post("a", host, origin, "Content-Type: multipart/form-data; boundary=x"), 415},
		{"text that may be JSON", post("{}", host, origin, "Content-Type: text/plain"), 415},
		{"a body of no type", post("{}", host, origin), 415},
		{"a type that begins as ours", post("{}", host, origin, "Content-Type: application/json-seq"), 415},
		{"a body that is too long", post(strings.Repeat(" ", MaxBody+1), host, json), 413},
		{"another method", "PUT /live/x HTTP/1.1\r\n" + host + "\r\n\r\n", 405},
	} {
		t.Run(test.name, func(t *testing.T) {
			guard := NewGuard(loopback(8000)).Protect(behind)
			require.Equal(t, test.want, ask(t, guard, test.request), test.request)
		})
	}
}

func TestGuard_knowsThatBrowsersLeaveOutPort80(t *testing.T) {
	guard := NewGuard(loopback(80)).Protect(behind)
	require.Equal(t, reached, ask(t, guard, get("Host: 127.0.0.1", "Origin: http://127.0.0.1")))
	require.Equal(t, reached, ask(t, guard, get("Host: [::1]")))
	require.Equal(t, 403, ask(t, guard, get("Host: 127.0.0.1:8000")))
}

// A reader may come to a page by a link on another site, but not under another name.
func TestGuard_letsReadersComeToAPageByALink(t *testing.T) {
	guard := NewGuard(loopback(8000)).ProtectPage(behind)
	require.Equal(t, reached, ask(t, guard, get("Host: localhost:8000", "Sec-Fetch-Site: cross-site")))
	require.Equal(t, 403, ask(t, guard, get("Host: evil.example:8000", "Sec-Fetch-Site: none")))
}

func TestGuard_keepsAnswersFromOtherPages(t *testing.T) {
	parser := http1.NewParser(http1.Limits{})
	_, _, err := parser.Parse([]byte(get("Host: localhost:8000")))
	require.NoError(t, err)
	var x httpd.Exchange
	x.Reset()
	defer x.Reset()
	require.NoError(t, x.Answer(t.Context(), NewGuard(loopback(8000)).Protect(behind), parser.Request(), nil))
	answer, _, err := x.Append(nil, "Sat, 01 Jan 2000 00:00:00 GMT", false)
	require.NoError(t, err)
	for _, field := range []string{"Cross-Origin-Resource-Policy: same-origin", "X-Content-Type-Options: nosniff", "Cache-Control: no-store"} {
		require.Contains(t, string(answer), field)
	}
}

// The engine asks by the head alone before it invites a body.
func TestGuard_refusesBeforeTheBodyIsSent(t *testing.T) {
	router := new(httpd.Router)
	router.Handle("POST", "/live/known", behind)
	guard := NewGuard(loopback(8000)).Protect(router).(httpd.HeadHandler)
	for head, refused := range map[string]bool{
		"POST /live/known HTTP/1.1\r\nHost: localhost:8000\r\nContent-Type: application/json\r\n":    false,
		"POST /live/unknown HTTP/1.1\r\nHost: localhost:8000\r\nContent-Type: application/json\r\n":  true,
		"POST /live/known HTTP/1.1\r\nHost: evil.example:8000\r\nContent-Type: application/json\r\n": true,
	} {
		parser := http1.NewParser(http1.Limits{})
		_, complete, err := parser.Parse([]byte(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"))
		require.NoError(t, err)
		require.False(t, complete)
		var x httpd.Exchange
		x.Reset()
		got, err := x.RefuseHead(t.Context(), guard, parser.Request(), nil)
		require.NoError(t, err)
		require.Equal(t, refused, got, head)
	}
}

func TestIsLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:8000": true, "[::1]:8000": true,
		"0.0.0.0:8000": false, "[::]:8000": false, "192.168.0.7:8000": false,
	} {
		tcp, err := net.ResolveTCPAddr("tcp", address)
		require.NoError(t, err)
		require.Equal(t, want, IsLoopback(tcp), address)
	}
	require.False(t, IsLoopback(&net.UnixAddr{Name: "x", Net: "unix"}))
	require.Panics(t, func() { NewGuard(&net.TCPAddr{IP: net.IPv4zero, Port: 8000}) })
}
