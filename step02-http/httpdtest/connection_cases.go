package httpdtest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
)

// How long a connection lives, and in which order its requests are answered.
var connectionCases = []lesson.Case[Subject]{
	{
		Name: "keep-alive", Rule: "a connection stays open for the next request", Source: "RFC 9112 section 9.3",
		Hint: "a loop around reading and answering; the response needs a length, or its end is the connection's",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			for range 10 {
				c.send(get("/"))
				r := c.expect(200, helloText, "HTTP/1.1 keeps the connection open")
				require.False(t, r.Close, "the client did not ask to close, but the response says Connection: close")
			}
		},
	},
	{
		Name: "close", Rule: "Connection: close from the client makes the response the last", Source: "RFC 9112 section 9.6",
		Hint: "it is a token in a list, without case",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, value := range []string{"close", "Close", "x, CLOSE"} {
				c := server.dial()
				c.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + value + "\r\n\r\n")
				r := c.expect(200, helloText, "the client has asked for the last response")
				require.True(t, r.Close, "the last response must say Connection: close")
				c.expectEnd("the client has asked to close")
			}
		},
	},
	{
		Name: "http10-closes", Rule: "HTTP/1.0 closes after the response", Source: "RFC 9112 section 9.3",
		Hint: "keep-alive is the default in 1.1 only",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send("GET / HTTP/1.0\r\n\r\n")
			c.expect(200, helloText, "HTTP/1.0 is answered")
			c.expectEnd("HTTP/1.0 did not ask for keep-alive")
		},
	},
	{
		Name: "http10-keep-alive", Rule: "HTTP/1.0 can ask for keep-alive, and is told that it got it", Source: "RFC 9112 section 9.3",
		Hint: "answer with Connection: keep-alive, or the client waits for the end",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			for range 2 {
				c.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
				r := c.expect(200, helloText, "HTTP/1.0 has asked for keep-alive")
				require.Equal(t, "keep-alive", strings.ToLower(r.Header.Get("Connection")), "a client of HTTP/1.0 must be told that the connection stays open")
			}
		},
	},
	{
		Name: "pipelining", Rule: "requests that come together are answered in order", Source: "RFC 9112 section 9.3.2",
		Hint: "what follows a request in the buffer is the next one: don't throw it away",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			var requests strings.Builder
			for i := range 50 {
				requests.WriteString(post(fmt.Sprint("number ", i)))
			}
			c.send(requests.String())
			for i := range 50 {
				c.expect(200, fmt.Sprint("number ", i), "50 requests came in one piece")
			}
		},
	},
	{
		Name: "pipelining-after-close", Rule: "what follows a request with Connection: close is not answered, and destroys no response", Source: "RFC 9112 section 9.6",
		Hint: "the client has said that nothing follows; if something does, a close resets the connection: half-close, and read for a while",
		Check: func(t lesson.T, subject Subject) {
			const last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
			server := serveSite(t, subject)
			c := server.dial()
			c.send(last + get("/") + get("/"))
			c.expect(200, helloText, "the first request is answered")
			c.expectEnd("nothing is answered after Connection: close")

			c = server.dial()
			c.send(last)
			subject.Settle() // the response is there, and nobody has read it
			c.send(get("/") + get("/"))
			c.expect(200, helloText, "the client has asked for the last response, and sends more before it reads it")
			c.expectEnd("nothing is answered after Connection: close")
		},
	},
	{
		Name: "pipelining-one-write", Rule: "the responses to requests that came together leave in one write", Source: "fasthttp.Server",
		Hint:     "write when there is nothing left to parse, not after each response",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send(strings.Repeat(get("/"), 16))
			for range 16 {
				c.expect(200, helloText, "16 requests came in one piece")
			}
			require.Equal(t, 1, c.conn.(*memnet.Conn).Peer().Writes(), "so many writes for 16 requests that came together")
		},
	},
	{
		Name: "error-after-pipelined", Rule: "the requests before a wrong one are answered first", Source: "RFC 9112 section 9.3.2",
		Hint: "the error is one more response at the end",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send(get("/") + "nonsense\r\n\r\n" + get("/"))
			c.expect(200, helloText, "the first request was fine")
			c.expectRefusal(400, "the second one was not")
		},
	},
	{
		Name: "half-close", Rule: "a client that has finished sending still gets its answers", Source: "RFC 9293 section 3.6",
		Hint: "io.EOF ends the requests, not the responses",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send(get("/") + post("last"))
			c.closeWrite()
			c.expect(200, helloText, "the client has half-closed after two requests")
			c.expect(200, "last", "the client has half-closed after two requests")
			c.expectEnd("all is answered")
		},
	},
	{
		Name: "half-close-incomplete", Rule: "a request that ends early is not answered as if it were complete", Source: "RFC 9112 section 8",
		Hint: "io.EOF in the middle of a head or a body is an error",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, part := range []string{"GET / HTTP/1.1\r\nHost: a\r\n", post("hello")[:len(post(""))+2], postChunked("5\r\nhello\r\n0\r\n")} {
				c := server.dial()
				c.send(part)
				c.closeWrite()
				c.expectRefusal(400, "the request has ended early")
			}
		},
	},
	{
		Name: "error-is-readable", Rule: "an error response arrives though the client still sends", Source: "RFC 9112 section 9.6",
		Hint: "closing with unread bytes resets the connection, and destroys the response: half-close, and read for a while",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" + long(200_000))
			c.expectRefusal(413, "the client was still sending its body")
		},
	},
	{
		Name: "isolation", Rule: "a silent client and a broken one disturb nobody", Source: "net/http.Server.Serve",
		Hint: "one goroutine per connection, and its errors end with it",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			server.dial() // says nothing
			half := server.dial()
			half.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
			gone := server.dial()
			gone.send(get("/")[:10])
			gone.conn.SetLinger(0)
			gone.conn.Close()
			server.stillServes("other clients are silent or gone")
		},
	},
}
