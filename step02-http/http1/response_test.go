package http1

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const date = "Sat, 01 Jan 2000 00:00:00 GMT"

func TestResponseHead_saysHowItsContentTravels(t *testing.T) {
	get11 := &Request{Method: MethodGet, KeepAlive: true}
	get10 := &Request{Method: MethodGet, HTTP10: true}
	get10keep := &Request{Method: MethodGet, HTTP10: true, KeepAlive: true}
	head := &Request{Method: MethodHead, KeepAlive: true}
	upgrade := parsed(t, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\n\r\n")
	for _, test := range []struct {
		name string
		req  *Request
		head ResponseHead
		want string
		then Framing
	}{
		{"content of known length", get11, ResponseHead{Status: 200, Length: 13},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 13\r\n\r\n", Framing{PlainContent, false}},
		{"no content", get11, ResponseHead{Status: 404},
			"HTTP/1.1 404 Not Found\r\nDate: " + date + "\r\nContent-Length: 0\r\n\r\n", Framing{PlainContent, false}},
		{"content of unknown length", get11, ResponseHead{Status: 200, Length: UnknownLength},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nTransfer-Encoding: chunked\r\n\r\n", Framing{ChunkedContent, false}},
		{"HTTP/1.0 gets no chunks", get10keep, ResponseHead{Status: 200, Length: UnknownLength},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nConnection: close\r\n\r\n", Framing{PlainContent, true}},
		{"HTTP/1.0 closes", get10, ResponseHead{Status: 200, Length: 1},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 1\r\nConnection: close\r\n\r\n", Framing{PlainContent, true}},
		{"HTTP/1.0 that keeps alive is told so", get10keep, ResponseHead{Status: 200, Length: 1},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n", Framing{PlainContent, false}},
		{"HEAD gets the header of GET", head, ResponseHead{Status: 200, Length: 13},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 13\r\n\r\n", Framing{NoContent, false}},
		{"204 has neither content nor length", get11, ResponseHead{Status: 204, Length: 13},
			"HTTP/1.1 204 No Content\r\nDate: " + date + "\r\n\r\n", Framing{NoContent, false}},
		{"304 has neither content nor length", get11, ResponseHead{Status: 304, Length: UnknownLength},
			"HTTP/1.1 304 Not Modified\r\nDate: " + date + "\r\n\r\n", Framing{NoContent, false}},
		{"a status without a text keeps its space", get11, ResponseHead{Status: 799},
			"HTTP/1.1 799 \r\nDate: " + date + "\r\nContent-Length: 0\r\n\r\n", Framing{PlainContent, false}},
		{"the last response", get11, ResponseHead{Status: 200, Close: true},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Framing{PlainContent, true}},
		{"the handler's fields, in order", get11, ResponseHead{Status: 200, Header: Header{{"B", "1"}, {"A", "2"}, {"B", ""}}},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nB: 1\r\nA: 2\r\nB: \r\nContent-Length: 0\r\n\r\n", Framing{PlainContent, false}},
		{"fields that belong to the engine are left out", get11,
			ResponseHead{Status: 200, Header: Header{{"content-length", "99"}, {"TRANSFER-ENCODING", "chunked"}, {"Date", "today"}, {"Keep-Alive", "x"}, {"connection", "x"}, {"A", "1"}}},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nA: 1\r\nContent-Length: 0\r\n\r\n", Framing{PlainContent, false}},
		{"a handler may close", get11, ResponseHead{Status: 200, Header: Header{{"A", "1"}, {"connection", "x"}, {"connection", "y, Close"}}},
			"HTTP/1.1 200 OK\r\nDate: " + date + "\r\nA: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Framing{PlainContent, true}},
		{"another protocol follows", upgrade, ResponseHead{Status: 101, Header: Header{{"Upgrade", "WebSocket"}, {"Connection", "close"}}, Close: true},
			"HTTP/1.1 101 Switching Protocols\r\nDate: " + date + "\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n", Framing{OtherProtocol, false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.head.Date = date
			got, then, err := test.head.Append([]byte("before"), test.req)
			require.NoError(t, err)
			require.Equal(t, "before"+test.want, string(got))
			require.Equal(t, test.then, then)
		})
	}
}

func TestResponseHead_refusesWhatWouldBreakTheResponse(t *testing.T) {
	for _, head := range []ResponseHead{
		{Status: 200, Header: Header{{"Location", "/\r\nSet-Cookie: a=b"}}},
		{Status: 200, Header: Header{{"Location", "/\nx"}}},
		{Status: 200, Header: Header{{"Location", "/\rx"}}},
		{Status: 200, Header: Header{{"Location", "/\x00"}}},
		{Status: 200, Header: Header{{"Set-Cookie: a=b\r\nX", "y"}}},
		{Status: 200, Header: Header{{"", "y"}}},
		{Status: 200, Header: Header{{"A b", "y"}}},
		{Status: 0}, {Status: 100}, {Status: 101}, {Status: 199}, {Status: 1000},
	} {
		got, _, err := head.Append([]byte("before"), &Request{Method: MethodGet})
		require.Error(t, err, "%+v", head)
		require.Equal(t, "before", string(got), "nothing of it may be sent")
	}
}

func TestAppendChunk(t *testing.T) {
	require.Equal(t, "1a\r\nabcdefghijklmnopqrstuvwxyz\r\n", string(AppendChunk(nil, []byte("abcdefghijklmnopqrstuvwxyz"))))
	require.Empty(t, AppendChunk(nil, nil), "an empty chunk would end the content")
}

func TestHeader(t *testing.T) {
	var h Header
	h.Set("Content-Type", "text/plain")
	h.Add("Set-Cookie", "a")
	h.Add("set-cookie", "b")
	h.Set("CONTENT-type", "text/html")
	require.Equal(t, Header{{"CONTENT-type", "text/html"}, {"Set-Cookie", "a"}, {"set-cookie", "b"}}, h)
	require.Equal(t, "a", h.Get("SET-COOKIE"))
	h.Set("Set-Cookie", "c")
	require.Equal(t, Header{{"CONTENT-type", "text/html"}, {"Set-Cookie", "c"}}, h)
	h.Del("set-Cookie")
	require.Equal(t, Header{{"CONTENT-type", "text/html"}}, h)
	require.Empty(t, h.Get("Set-Cookie"))
}

func TestResponseHead_changesTheProtocolOnlyForWhoHasAskedForIt(t *testing.T) {
	for _, request := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
		"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUpgrade: websocket\r\n\r\n",
	} {
		head := ResponseHead{Status: 101, Header: Header{{"Upgrade", "websocket"}}, Date: date}
		got, _, err := head.Append([]byte("before"), parsed(t, request))
		require.Error(t, err, request)
		require.Equal(t, "before", string(got))
	}
	several := parsed(t, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nUpgrade: websocket\r\nConnection: keep-alive\r\nConnection: upgrade\r\n\r\n")
	head := ResponseHead{Status: 101, Header: Header{{"Upgrade", "websocket"}}, Date: date}
	_, _, err := head.Append(nil, several)
	require.NoError(t, err, "several fields make one list")
	head = ResponseHead{Status: 101, Date: date}
	_, _, err = head.Append(nil, parsed(t, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\n\r\n"))
	require.ErrorContains(t, err, "must name the protocol")
}

// parsed returns the request of which text is all.
func parsed(t *testing.T, text string) *Request {
	t.Helper()
	p := NewParser(Limits{})
	_, done, err := p.Parse([]byte(text))
	require.NoError(t, err)
	require.True(t, done)
	return p.Request()
}
