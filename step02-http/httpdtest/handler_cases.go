package httpdtest

import (
	"slices"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// What becomes of what a handler does.
var handlerCases = slices.Concat(answerCases, streamCases, hijackCases)

var answerCases = []lesson.Case[Subject]{
	{
		Name: "panic", Rule: "a handler that panics is a 500, and ends its connection alone", Source: "RFC 9110 section 15.6.1",
		Hint: "recover around the handler; nothing was sent yet",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				if string(r.Path()) == "/panic" {
					w.WriteString("half of the")
					panic("as the case asked")
				}
				w.WriteString(helloText)
			})})
			c := server.dial()
			c.send(get("/panic"))
			c.expectRefusal(500, "the handler panicked")
			require.Contains(t, server.log.String(), "as the case asked", "the log must say with what the handler panicked")
			server.stillServes("another connection's handler has panicked")
		},
	},
	{
		Name: "header-injection", Rule: "CR, LF and NUL in a field never reach the wire", Source: "RFC 9110 section 5.5",
		Hint: "check the fields that handlers set: they may come from a client",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				w.Header().Set("Location", "/"+string(r.Body()))
			})})
			for _, evil := range []string{"\r\nSet-Cookie: a=b", "\nSet-Cookie: a=b", "\rSet-Cookie: a=b", "\x00", "\r\n\r\n<script>"} {
				c := server.dial()
				c.send(post(evil))
				r := c.response("a handler has set a field from the client's bytes")
				require.Equal(t, 500, r.StatusCode, "a Location with %q in it", evil)
				require.Empty(t, r.Header.Get("Set-Cookie"), "the client has set a field of the response")
				c.conn.Close()
			}
		},
	},
	{
		Name: "kept-bytes", Rule: "what a handler copies stays, though the buffer is used again", Source: "fasthttp.RequestHandler",
		Hint:     "the engine may use its buffer again as soon as the response is made, no sooner",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			var paths []string
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				paths = append(paths, string(r.Path()))
				w.Write(r.Body())
			})})
			c := server.dial()
			c.send(get("/a") + get("/b"))
			c.expect(200, "", "first")
			c.expect(200, "", "second")
			c.send(get("/c"))
			c.expect(200, "", "third")
			require.Equal(t, []string{"/a", "/b", "/c"}, paths)
		},
	},
	{
		Name: "abort-after-pipelined", Rule: "a handler that aborts takes no finished response with it", Source: "net/http.ErrAbortHandler; RFC 9112 section 9.3.2",
		Hint: "responses that wait to be sent are flushed on the way out",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				if string(r.Path()) == "/abort" {
					panic(tcp.ErrAbortHandler)
				}
				w.WriteString(helloText)
			})})
			c := server.dial()
			c.send(get("/") + get("/abort"))
			c.expect(200, helloText, "the first of two requests was answered before the second was aborted")
			c.expectEnd("the second request was aborted: it has no response")
		},
	},
	{
		Name: "continue-no-route", Rule: "a body that no route wants is not asked for", Source: "RFC 9110 section 10.1.1",
		Hint: "ask the router with the head alone, before you send 100 Continue",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for line, status := range map[string]int{"POST /nothing": 404, "PUT /echo": 405} {
				c := server.dial()
				c.send(line + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
				c.expectRefusal(status, line+" waits for 100 Continue, but its body is not wanted")
			}
		},
	},
}
