package httpdtest

import (
	"fmt"
	"slices"
	"strings"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// Where a request ends. What two servers in a row understand differently lets a
// client smuggle a request past the first one.
var framingCases = slices.Concat(framingRules, bodyCases)

// head begins a POST request, without the fields that say where it ends.
const head = "POST /echo HTTP/1.1\r\nHost: a\r\n"

var framingRules = ruleCases([]rule{
	{
		name: "length-twice", send: head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", status: 400,
		alsoSend: []string{head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", head + "Content-Length: 1, 1\r\n\r\nx"},
		rule:     "two lengths are refused, also two equal ones", source: "RFC 9112 section 6.3",
		hint: "count the fields",
	},
	{
		name: "length-plain", send: head + "Content-Length: +5\r\n\r\nhello", status: 400,
		alsoSend: []string{
			head + "Content-Length: -1\r\n\r\n", head + "Content-Length: 0x5\r\n\r\nhello", head + "Content-Length: 5 5\r\n\r\nhello",
			head + "Content-Length: \r\n\r\n", head + "Content-Length: 18446744073709551621\r\n\r\nhello",
		},
		rule: "a length is digits and nothing else, and doesn't overflow", source: "RFC 9110 section 8.6",
		hint: "strconv.Atoi accepts +5 and -1",
	},
	{
		name: "length-and-chunked", send: head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", status: 400,
		alsoSend: []string{head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
		rule:     "Content-Length beside Transfer-Encoding is refused", source: "RFC 9112 section 6.1",
		hint: "decide when the head is complete, not at the first of the two",
	},
	{
		name: "chunked-last", send: head + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", status: 400,
		alsoSend: []string{
			head + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			head + "Transfer-Encoding: gzip\r\n\r\n", head + "Transfer-Encoding: \r\n\r\n",
		},
		rule: "chunked must be the last coding, and be there once", source: "RFC 9112 section 6.3",
		hint: "several fields make one list; and no chunked at all is not the last one either",
	},
	{
		name: "coding-unknown", send: head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", status: 501,
		rule: "a transfer coding that the server doesn't know is answered with 501", source: "RFC 9112 section 6.1",
		hint: "without the coding nobody knows where the body ends",
	},
	{
		name: "coding-http10", send: "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", status: 400,
		rule: "Transfer-Encoding in HTTP/1.0 is refused", source: "RFC 9112 section 6.1",
		hint: "an old proxy on the way didn't understand it either",
	},
	{
		name: "chunk-size", send: postChunked("x\r\n"), status: 400,
		alsoSend: []string{
			postChunked("\r\n"), postChunked("-1\r\n"), postChunked("0x1\r\nx\r\n"), postChunked("1 \r\nx\r\n"),
			postChunked("10000000000000001\r\nx\r\n"),
		},
		rule: "a chunk begins with its size in hex digits, without overflow", source: "RFC 9112 section 7.1",
		hint: "17 hex digits don't fit into 64 bits",
	},
	{
		name: "chunk-crlf", send: postChunked("1\nx\r\n0\r\n\r\n"), status: 400,
		alsoSend: []string{postChunked("1\r\nx\n0\r\n\r\n"), postChunked("1\r\nxy\r\n0\r\n\r\n"), postChunked("0\r\n\n")},
		rule:     "in chunked framing nothing but CRLF ends a line, and a chunk is as long as it says", source: "RFC 9112 section 7.1",
		hint: "the tolerance for a lone LF is for the head only",
	},
})

var bodyCases = []lesson.Case[Subject]{
	{
		Name: "echo", Rule: "a body by length comes back whole, and binary", Source: "RFC 9112 section 6.2",
		Hint: "read as many bytes as Content-Length says, and don't take them for text",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			for _, body := range []string{"", "hello", "\x00\r\n\r\nGET / HTTP/1.1\r\n", "grüße: 10 bytes are 8 runes", long(100_000)} {
				c.send(post(body))
				c.expect(200, body, "POST /echo sends the body back")
			}
		},
	},
	{
		Name: "chunked", Rule: "a chunked body is put together, with extensions and trailers left out", Source: "RFC 9112 section 7.1",
		Hint: "read size lines and chunks in turn, until the size 0; then trailers until an empty line",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, body := range []string{
				"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n",
				"5;a=b\r\nhello\r\n0007 ; c=\"d;e\"\r\n, world\r\n0;last\r\nTrailer: value\r\nHost: other\r\n\r\n",
				"C\r\nhello, world\r\n0\r\n\r\n",
			} {
				c := server.dial()
				c.send(postChunked(body) + get("/"))
				c.expect(200, "hello, world", "POST /echo sends the decoded body back")
				c.expect(200, helloText, "the next request begins behind the chunked body, its trailers included")
				c.conn.Close()
			}
		},
	},
	{
		Name: "any-cut", Rule: "a request is understood however its bytes are cut", Source: "RFC 9293 section 3.8",
		Hint: "one Read may return a part of a line: keep what is there, and go on when more has come",
		// In the bubble the server reads each piece before the next is sent.
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, request := range []string{get("/"), post("Hello, world!"), postChunked("d\r\nHello, world!\r\n0\r\n\r\n")} {
				for cut := 1; cut < len(request); cut++ {
					c := server.dial()
					c.send(request[:cut])
					synctest.Wait()
					c.send(request[cut:])
					c.expect(200, helloText, "the request came in two pieces")
					c.conn.Close()
				}
				c := server.dial()
				for i := range len(request) {
					c.send(request[i : i+1])
					synctest.Wait()
				}
				c.expect(200, helloText, "the request came byte by byte")
			}
		},
	},
	{
		Name: "body-then-request", Rule: "the next request begins right behind the body", Source: "RFC 9112 section 9.3",
		Hint: "a body that no handler has read must be skipped all the same",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			// A GET may have a body, which nobody asks for.
			body := get("/nothing")
			c.send(fmt.Sprintf("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body) + post("second"))
			c.expect(200, helloText, "the first request has a body that looks like a request")
			c.expect(200, "second", "the second request begins behind that body")
		},
	},
	{
		Name: "continue", Rule: "\"100 Continue\" is sent when the head was fine, before the body is read", Source: "RFC 9110 section 10.1.1",
		Hint: "the client waits for it: look for Expect when the head is complete, and flush",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
			line, err := c.reader.ReadString('\n')
			require.NoError(t, err, "the client waits for 100 Continue")
			require.True(t, strings.HasPrefix(line, "HTTP/1.1 100 "), "the client waits for 100 Continue, and got %q", line)
			empty, err := c.reader.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "\r\n", empty, "100 Continue is an empty line long")
			c.send("hello")
			c.expect(200, "hello", "the client has sent the body after 100 Continue")
		},
	},
	{
		Name: "continue-refused", Rule: "a body that will be refused is not asked for", Source: "RFC 9110 section 10.1.1",
		Hint: "look at Content-Length before you send 100 Continue",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n")
			c.expectRefusal(413, "the announced body is too long")
		},
	},
}
