package httpdtest

import (
	"strings"

	"example.com/async/internal/lesson"
)

// A rule of the syntax: what is sent, and the status of the answer. A status from
// 400 on must also end the connection.
type rule struct {
	name, send     string
	status         int
	rule           string
	source         string
	hint           string
	alsoSend       []string // must be answered in the same way
	keepConnection bool     // an error that leaves the framing clear
}

// ruleCases makes a case of each rule.
func ruleCases(rules []rule) (cases []lesson.Case[Subject]) {
	for _, rule := range rules {
		cases = append(cases, lesson.Case[Subject]{
			Name: rule.name, Rule: rule.rule, Source: rule.source, Hint: rule.hint,
			Check: func(t lesson.T, subject Subject) {
				server := serveSite(t, subject)
				for _, send := range append([]string{rule.send}, rule.alsoSend...) {
					c := server.dial()
					c.send(send)
					if rule.status >= 400 && !rule.keepConnection {
						c.expectRefusal(rule.status, rule.rule)
					} else {
						c.expect(rule.status, "*", rule.rule)
					}
					c.conn.Close()
				}
			},
		})
	}
	return cases
}

// What is accepted, and what is not, in the head of a request.
var syntaxCases = ruleCases([]rule{
	{
		name: "request-line", send: "GET /\r\n\r\n", status: 400,
		alsoSend: []string{
			"GET\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
			"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
		},
		rule: "a request line is: method, one space, target, one space, version", source: "RFC 9112 section 3",
		hint: "strings.Fields forgives too much: look for exactly two spaces",
	},
	{
		name: "empty-line-first", send: "\r\n" + get("/"), status: 200,
		rule: "one empty line before a request is skipped", source: "RFC 9112 section 2.2",
		hint: "old browsers sent a CRLF after a POST: skip it before you look at the request line",
	},
	{
		name: "bare-lf", send: "GET / HTTP/1.1\nHost: a\n\n", status: 200,
		rule: "a lone LF ends a line of the head, so that people can type a request", source: "RFC 9112 section 2.2",
		hint: "look for the LF, then take a CR before it away",
	},
	{
		name: "bare-cr", send: "GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n", status: 400,
		rule: "a CR that ends no line is refused", source: "RFC 9112 section 2.2",
		hint: "a server that takes a bare CR for a line end sees other fields than its neighbours",
	},
	{
		name: "control-characters", send: "GET / HTTP/1.1\r\nHost: a\r\nA: b\x00c\r\n\r\n", status: 400,
		alsoSend: []string{"GET / HTTP/1.1\r\nHost: a\r\nA: b\x7f\r\n\r\n", "GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n"},
		rule:     "NUL and other control characters are refused", source: "RFC 9110 section 5.5",
		hint: "httpguts.ValidHeaderFieldValue knows which characters a value may have",
	},
	{
		name: "method-token", send: "G[T / HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
		rule: "a method is a token", source: "RFC 9112 section 3.1",
		hint: "the characters of a token are those of a field name",
	},
	{
		name: "method-unknown", send: "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", status: 501,
		alsoSend: []string{"get / HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"},
		rule:     "a method that the server doesn't know is answered with 501; methods are case-sensitive", source: "RFC 9110 section 9.1",
		hint: "501 is for methods that no route has, 405 for those that only this route lacks",
	},
	{
		name: "version", send: "GET / HTTP/2.0\r\nHost: a\r\n\r\n", status: 505,
		alsoSend: []string{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/0.9\r\n\r\n"},
		rule:     "another major version is answered with 505", source: "RFC 9110 section 15.6.6",
		hint: "look at the digit before the dot",
	},
	{
		name: "version-syntax", send: "GET / http/1.1\r\nHost: a\r\n\r\n", status: 400,
		alsoSend: []string{"GET / HTTP/1.\r\nHost: a\r\n\r\n", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", "GET / HTTP 1.1\r\nHost: a\r\n\r\n"},
		rule:     "a version is HTTP/, a digit, a dot, a digit", source: "RFC 9112 section 2.3",
		hint: "eight bytes, and their case matters",
	},
	{
		name: "minor-version", send: "GET / HTTP/1.2\r\nHost: a\r\n\r\n", status: 200,
		rule: "a higher minor version is treated as 1.1", source: "RFC 9110 section 2.5",
		hint: "a client of HTTP/1.2 can speak 1.1",
	},
	{
		name: "target-characters", send: "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
		alsoSend: []string{
			"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /<a> HTTP/1.1\r\nHost: a\r\n\r\n",
		},
		rule: "a target holds the characters of a URI, and no fragment", source: "RFC 9112 section 3.2",
		hint: "others must come percent-encoded, and a % needs two hex digits behind it",
	},
	{
		name: "target-form", send: "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
		alsoSend: []string{"GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"},
		rule:     "a target is a path, an absolute URI with a host, or * for OPTIONS", source: "RFC 9112 section 3.2",
		hint: "look at the first byte",
	},
	{
		name: "target-absolute", send: "GET http://other/ HTTP/1.1\r\nHost: a\r\n\r\n", status: 200,
		alsoSend: []string{"GET HTTP://other HTTP/1.1\r\nHost: a\r\n\r\n"},
		rule:     "a target may be an absolute URI", source: "RFC 9112 section 3.2.2",
		hint: "proxies get them; the path begins after the host",
	},
	{
		name: "target-asterisk", send: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", status: 204,
		rule: "OPTIONS * asks about the server as a whole", source: "RFC 9112 section 3.2.4",
		hint: "it has no path: don't look for a route",
	},
	{
		name: "encoded-slash", send: get("/files%2Fhello.txt"), status: 404, keepConnection: true,
		rule: "an encoded slash is no slash: %2F doesn't separate segments", source: "RFC 3986 section 2.2",
		hint: "split the path first, decode its segments then",
	},
	{
		name: "host-missing", send: "GET / HTTP/1.1\r\n\r\n", status: 400,
		rule: "a request in HTTP/1.1 without Host is refused", source: "RFC 9112 section 3.2",
		hint: "count the Host fields when the head is complete",
	},
	{
		name: "host-twice", send: "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", status: 400,
		rule: "a request with two Host fields is refused", source: "RFC 9112 section 3.2",
		hint: "names have no case; and two equal hosts are two as well",
	},
	{
		name: "host-invalid", send: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", status: 400,
		alsoSend: []string{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
		rule:     "a Host that is none is refused", source: "RFC 9112 section 3.2",
		hint: "it is a host name or an address, and perhaps a colon and digits",
	},
	{
		name: "host-http10", send: "GET / HTTP/1.0\r\n\r\n", status: 200,
		rule: "HTTP/1.0 needs no Host", source: "RFC 9112 section 3.2",
		hint: "only HTTP/1.1 demands it",
	},
	{
		name: "space-before-colon", send: "GET / HTTP/1.1\r\nHost : a\r\n\r\n", status: 400,
		rule: "a space between a field name and its colon is refused", source: "RFC 9112 section 5.1",
		hint: "if it were accepted, \"Content-Length : 5\" would be seen by some servers and not by others",
	},
	{
		name: "space-first", send: "GET / HTTP/1.1\r\n Host: a\r\n\r\n", status: 400,
		rule: "a space before the first header line is refused", source: "RFC 9112 section 2.2",
		hint: "there is no line before it that it could continue",
	},
	{
		name: "obs-fold", send: "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", status: 400,
		rule: "a folded header line is refused", source: "RFC 9112 section 5.2",
		hint: "a line that begins with a space or a tab is none of its own",
	},
	{
		name: "field-name", send: "GET / HTTP/1.1\r\nHost: a\r\nA(b): c\r\n\r\n", status: 400,
		alsoSend: []string{"GET / HTTP/1.1\r\nHost: a\r\n: c\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n"},
		rule:     "a header line is a token, a colon, a value", source: "RFC 9112 section 5",
		hint: "httpguts.ValidHeaderFieldName knows what a token is",
	},
	{
		name: "field-case", send: "POST /echo HTTP/1.1\r\nhOST: a\r\ncONTENT-lENGTH: 0\r\n\r\n", status: 200,
		rule: "field names have no case", source: "RFC 9110 section 5.1",
		hint: "compare names without regard to case, in ASCII only",
	},
	{
		name: "expectation", send: "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n", status: 417,
		rule: "an expectation other than 100-continue is answered with 417", source: "RFC 9110 section 10.1.1",
		hint: "the client has said that it won't be content with less",
	},
})

// long is n times x.
func long(n int) string { return strings.Repeat("x", n) }
