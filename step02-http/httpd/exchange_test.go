package httpd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// An answer is a response as a client reads it.
type answer struct {
	status  int
	header  http.Header
	content string
}

// ask lets handler answer one request without any connection, as another engine
// than conn would.
func ask(t *testing.T, handler Handler, request string) answer {
	t.Helper()
	parser := http1.NewParser(http1.Limits{})
	_, complete, err := parser.Parse([]byte(request))
	require.NoError(t, err)
	require.True(t, complete, "the test's request is not complete: %v", parser.State())
	var x Exchange
	x.Reset()
	defer x.Reset()
	require.NoError(t, x.Answer(context.Background(), handler, parser.Request(), nil))
	out, framing, err := x.Append(nil, "Sat, 01 Jan 2000 00:00:00 GMT", false)
	require.NoError(t, err)
	if stream, length := x.Stream(); stream != nil && framing.Content == http1.PlainContent {
		content, err := io.ReadAll(io.LimitReader(stream, length))
		require.NoError(t, err)
		out = append(out, content...)
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(out)), &http.Request{Method: parser.Request().Method})
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, response.Header, string(content)}
}

func get(t *testing.T, handler Handler, path string, fields ...string) answer {
	t.Helper()
	return ask(t, handler, "GET "+path+" HTTP/1.1\r\nHost: a\r\n"+strings.Join(append(fields, ""), "\r\n")+"\r\n")
}

func TestExchange_panicIsA500ThatCloses(t *testing.T) {
	var x Exchange
	x.Reset()
	parsed := &http1.Request{Method: "GET", KeepAlive: true}
	err := x.Answer(t.Context(), HandlerFunc(func(w *ResponseWriter, _ *Request) {
		w.WriteString("half")
		w.Header().Set("X", "half")
		panic(42)
	}), parsed, nil)
	var panicked *PanicError
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, 42, panicked.Value)
	require.Contains(t, string(panicked.Stack), "exchange_test.go")
	out, framing, err := x.Append(nil, "", false)
	require.NoError(t, err)
	require.True(t, framing.Close)
	require.True(t, strings.HasPrefix(string(out), "HTTP/1.1 500 "), "%s", out)
	require.NotContains(t, string(out), "half")
}

func TestExchange_abortLeavesNoResponse(t *testing.T) {
	var x Exchange
	x.Reset()
	content := &closer{Reader: strings.NewReader("x")}
	err := x.Answer(t.Context(), HandlerFunc(func(w *ResponseWriter, _ *Request) {
		w.Stream(content, 1)
		panic(tcp.ErrAbortHandler)
	}), &http1.Request{Method: "GET"}, nil)
	require.Equal(t, tcp.ErrAbortHandler, err)
	require.Equal(t, 1, content.closed)
}

func TestExchange_wrongResponseIsA500(t *testing.T) {
	for name, handler := range map[string]HandlerFunc{
		"a status that there is not": func(w *ResponseWriter, _ *Request) { w.SetStatus(42) },
		"an interim status":          func(w *ResponseWriter, _ *Request) { w.SetStatus(100) },
		"101 without a takeover":     func(w *ResponseWriter, _ *Request) { w.SetStatus(101) },
		"101 that nobody asked for":  func(w *ResponseWriter, _ *Request) { w.Hijack("websocket", nil) },
		"a line end in a field":      func(w *ResponseWriter, _ *Request) { w.Header().Set("A", "b\nC: d") },
	} {
		t.Run(name, func(t *testing.T) {
			var x Exchange
			x.Reset()
			content := &closer{Reader: strings.NewReader("x")}
			require.NoError(t, x.Answer(t.Context(), HandlerFunc(func(w *ResponseWriter, r *Request) {
				w.Stream(content, 1)
				handler(w, r)
			}), &http1.Request{Method: "GET", KeepAlive: true}, nil))
			out, _, err := x.Append([]byte("before"), "", false)
			require.Error(t, err)
			require.True(t, strings.HasPrefix(string(out), "beforeHTTP/1.1 500 "), "%s", out)
			stream, _ := x.Stream()
			require.Nil(t, stream, "the handler's content must not follow")
			require.Equal(t, 1, content.closed)
		})
	}
}

func TestResponseWriter_streamIsClosedOnce(t *testing.T) {
	var w ResponseWriter
	w.reset()
	first, second := &closer{Reader: strings.NewReader("1")}, &closer{Reader: strings.NewReader("2")}
	w.WriteString("forgotten")
	w.Stream(first, http1.UnknownLength)
	require.Equal(t, int64(http1.UnknownLength), w.Length())
	w.Stream(second, 1)
	require.Equal(t, 1, first.closed, "another stream takes its place")
	w.reset()
	w.reset()
	require.Equal(t, 1, second.closed)
	require.Zero(t, w.Length())
	require.Equal(t, 200, w.Status())
}

// What follows a 101 is the other protocol.
func TestExchange_hijackSendsNoContent(t *testing.T) {
	content := &closer{Reader: strings.NewReader("x")}
	for name, handler := range map[string]HandlerFunc{
		"stream, then hijack": func(w *ResponseWriter, _ *Request) { w.Stream(content, 1); w.Hijack("echo", nobody) },
		"hijack, then stream": func(w *ResponseWriter, _ *Request) { w.Hijack("echo", nobody); w.Stream(content, 1) },
		"content":             func(w *ResponseWriter, _ *Request) { w.Hijack("echo", nobody); w.WriteString("x") },
	} {
		t.Run(name, func(t *testing.T) {
			parser := http1.NewParser(http1.Limits{})
			_, complete, err := parser.Parse([]byte("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"))
			require.NoError(t, err)
			require.True(t, complete)
			var x Exchange
			x.Reset()
			require.NoError(t, x.Answer(t.Context(), handler, parser.Request(), nil))
			out, framing, err := x.Append(nil, "", false)
			require.NoError(t, err)
			require.Equal(t, http1.OtherProtocol, framing.Content)
			require.True(t, strings.HasSuffix(string(out), "\r\n\r\n"), "%s", out)
			stream, _ := x.Stream()
			require.Nil(t, stream)
		})
	}
	require.Equal(t, 2, content.closed)
}

func nobody(context.Context, net.Conn, []byte) error { return nil }

func TestResponseWriter_forgetsLargeContent(t *testing.T) {
	var w ResponseWriter
	w.Write(make([]byte, 10*keepBuffer))
	w.reset()
	require.LessOrEqual(t, cap(w.content), keepBuffer)
}

// A closer counts how often it was closed.
type closer struct {
	io.Reader
	closed int
}

func (c *closer) Close() error {
	c.closed++
	return errors.New("nobody asks")
}

func TestRequest_contextEndsWithTheExchange(t *testing.T) {
	var x Exchange
	x.Reset()
	var ctx context.Context
	require.NoError(t, x.Answer(t.Context(), HandlerFunc(func(_ *ResponseWriter, r *Request) {
		ctx = r.Context()
		require.Equal(t, ctx, r.Context(), "it is made once")
	}), &http1.Request{Method: "GET"}, nil))
	require.NoError(t, ctx.Err(), "a stream may still need it")
	x.Reset()
	require.ErrorIs(t, ctx.Err(), context.Canceled)
}
