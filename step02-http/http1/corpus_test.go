package http1

import (
	"bytes"
	"fmt"
	"strings"
)

// A verdict is what parsing a stream of bytes leads to, written down: one line per
// request, then what the parser was left with.
type verdict []string

// parsePieces gives the pieces to a Parser as an engine would: one after another,
// behind what it left. Each time the buffer moves to a new place, and the old one is
// overwritten, so that a slice kept from the last call would be seen.
func parsePieces(limits Limits, pieces ...[]byte) (v verdict) {
	p := NewParser(limits)
	var buf []byte
	for _, piece := range pieces {
		old := buf
		buf = append(bytes.Clone(buf), piece...)
		for i := range old {
			old[i] = '!'
		}
		for {
			rest, done, err := p.Parse(buf)
			if err != nil {
				return append(v, err.Error())
			}
			buf = rest
			if !done {
				break
			}
			v = append(v, describe(p.Request()))
			buf = buf[p.Len():]
			p.Next()
		}
	}
	return append(v, fmt.Sprintf("%v, %d unread", p.State(), len(buf)-p.line))
}

func describe(r *Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s path=%s query=%s host=%s http10=%t keep=%t expect=%t",
		r.Method, r.Target(), r.Path(), r.Query(), r.Host(), r.HTTP10, r.KeepAlive, r.ExpectsContinue)
	for name, value := range r.Fields() {
		fmt.Fprintf(&b, " [%s: %s]", name, value)
	}
	fmt.Fprintf(&b, " body=%q", r.Body())
	for name, value := range r.Trailers() {
		fmt.Fprintf(&b, " trailer[%s: %s]", name, value)
	}
	return b.String()
}

// small limits let the corpus reach them with few bytes.
var small = Limits{RequestLine: 60, Header: 200, Fields: 5, Body: 30}

// accepted are streams, with what each of their requests is.
var accepted = []struct {
	name, stream string
	want         []string
}{
	{"the shortest request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		[]string{"GET / path=/ query= host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"typed by hand: LF alone ends a line", "GET /x?y=1 HTTP/1.1\nHost:a\n\n",
		[]string{"GET /x?y=1 path=/x query=y=1 host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n",
		[]string{"GET / path=/ query= host= http10=true keep=false expect=false body=\"\""}},
	{"HTTP/1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: foo, Keep-Alive\r\n\r\n",
		[]string{"GET / path=/ query= host= http10=true keep=true expect=false [Connection: foo, Keep-Alive] body=\"\""}},
	{"a later minor version is 1.1", "GET / HTTP/1.7\r\nHost: a\r\n\r\n",
		[]string{"GET / path=/ query= host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"close, in any case and with spaces around", "GET / HTTP/1.1\r\nHost: a\r\nconnection: \t CLOSE \t\r\n\r\n",
		[]string{"GET / path=/ query= host=a http10=false keep=false expect=false [Host: a] [connection: CLOSE] body=\"\""}},
	{"one empty line before the request", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
		[]string{"GET / path=/ query= host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"one empty line that ends with LF alone", "\nGET / HTTP/1.1\nHost: a\n\n",
		[]string{"GET / path=/ query= host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"absolute-form: its host wins", "GET http://b:80/p?q HTTP/1.1\r\nHost: a\r\n\r\n",
		[]string{"GET http://b:80/p?q path=/p query=q host=b:80 http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"absolute-form without a path", "GET HTTP://b?q HTTP/1.1\r\nHost: a\r\n\r\n",
		[]string{"GET HTTP://b?q path=/ query=q host=b http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"asterisk-form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
		[]string{"OPTIONS * path=* query= host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
		[]string{"GET / path=/ query= host=[::1]:80 http10=false keep=true expect=false [Host: [::1]:80] body=\"\""}},
	{"percent-encoding stays as it is", "GET /a%2Fb%c3%a4 HTTP/1.1\r\nHost: a\r\n\r\n",
		[]string{"GET /a%2Fb%c3%a4 path=/a%2Fb%c3%a4 query= host=a http10=false keep=true expect=false [Host: a] body=\"\""}},
	{"an empty value, and one with a tab and non-ASCII", "GET / HTTP/1.1\r\nHost: a\r\nE:\r\nF:x\ty\xff\r\n\r\n",
		[]string{"GET / path=/ query= host=a http10=false keep=true expect=false [Host: a] [E: ] [F: x\ty\xff] body=\"\""}},
	{"a body by length, then a request", "POST /e HTTP/1.1\r\nHost: a\r\ncontent-length: 05\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
		[]string{
			"POST /e path=/e query= host=a http10=false keep=true expect=false [Host: a] [content-length: 05] body=\"hello\"",
			"GET / path=/ query= host= http10=true keep=false expect=false body=\"\""}},
	{"a body whose client waits for 100", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi",
		[]string{"POST / path=/ query= host=a http10=false keep=true expect=true [Host: a] [Expect: 100-Continue] [Content-Length: 2] body=\"hi\""}},
	{"nothing to wait for without a body", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
		[]string{"GET / path=/ query= host=a http10=false keep=true expect=false [Host: a] [Expect: 100-continue] body=\"\""}},
	{"chunks, extensions, trailers, then a request",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , CHUNKED\r\n\r\n" +
			"5\r\nhello\r\n00001;x=y\r\n,\r\n6 ; a = \"b;c\" \r\n world\r\n0;last\r\nT: 1\r\nHost: z\r\n\r\n" +
			"GET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
		[]string{
			"POST / path=/ query= host=a http10=false keep=true expect=false [Host: a] [Transfer-Encoding: , CHUNKED] body=\"hello, world\" trailer[T: 1] trailer[Host: z]",
			"GET /2 path=/2 query= host=b http10=false keep=true expect=false [Host: b] body=\"\""}},
	{"chunks without data", "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		[]string{"PUT / path=/ query= host=a http10=false keep=true expect=false [Host: a] [Transfer-Encoding: chunked] body=\"\""}},
	{"a body as long as the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n" + strings.Repeat("x", 30),
		[]string{"POST / path=/ query= host=a http10=false keep=true expect=false [Host: a] [Content-Length: 30] body=\"" + strings.Repeat("x", 30) + "\""}},
	{"a request line as long as the limit", "GET /" + strings.Repeat("x", 46) + " HTTP/1.0\r\n\r\n",
		[]string{"GET /" + strings.Repeat("x", 46) + " path=/" + strings.Repeat("x", 46) + " query= host= http10=true keep=false expect=false body=\"\""}},
}

// host begins a request that is right so far.
const host = "GET / HTTP/1.1\r\nHost: a\r\n"
const chunkedHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

// refused are streams that break a rule.
var refused = []struct {
	name, stream string
	want         *Error
}{
	{"two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", errEmptyLines},
	{"no version", "GET /\r\n\r\n", errRequestLine},
	{"one word", "GET\r\n\r\n", errRequestLine},
	{"two spaces", "GET  / HTTP/1.1\r\n\r\n", errRequestLine},
	{"a space at the end", "GET / HTTP/1.1 \r\n\r\n", errRequestLine},
	{"a space at the beginning", " GET / HTTP/1.1\r\n\r\n", errRequestLine},
	{"a space in the target", "GET /a b HTTP/1.1\r\n\r\n", errRequestLine},
	{"a tab for a space", "GET\t/ HTTP/1.1\r\n\r\n", errRequestLine},
	{"a method that is no token", "G(T / HTTP/1.1\r\n\r\n", errMethodToken},
	{"a CR that ends nothing", "\rGET / HTTP/1.1\r\n\r\n", errMethodToken},
	{"a method that nobody knows", "BREW / HTTP/1.1\r\n\r\n", errMethodUnknown},
	{"a method in small letters", "get / HTTP/1.1\r\n\r\n", errMethodUnknown},
	{"CONNECT", "CONNECT a:80 HTTP/1.1\r\n\r\n", errMethodUnknown},
	{"a long request line", "GET /" + strings.Repeat("x", 47) + " HTTP/1.0\r\n\r\n", errRequestLong},
	{"a long request line that ends with LF alone", "GET /" + strings.Repeat("x", 47) + " HTTP/1.0\n\n", errRequestLong},
	{"a request line that never ends", strings.Repeat("x", 63), errRequestLong},
	{"HTTP/2.0", "GET / HTTP/2.0\r\n\r\n", errVersionMajor},
	{"the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", errVersionMajor},
	{"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", errVersionMajor},
	{"a version in small letters", "GET / http/1.1\r\n\r\n", errVersion},
	{"a version with two digits", "GET / HTTP/1.10\r\n\r\n", errVersion},
	{"a version without a dot", "GET / HTTP/11\r\n\r\n", errVersion},
	{"a relative target", "GET index.html HTTP/1.1\r\n\r\n", errTargetForm},
	{"another scheme", "GET ftp://a/ HTTP/1.1\r\n\r\n", errTargetForm},
	{"an authority", "GET a:80 HTTP/1.1\r\n\r\n", errTargetForm},
	{"* for GET", "GET * HTTP/1.1\r\n\r\n", errAsterisk},
	{"a fragment", "GET /a#b HTTP/1.1\r\n\r\n", errTargetFragment},
	{"raw UTF-8 in the target", "GET /\xc3\xa4 HTTP/1.1\r\n\r\n", errTargetChar},
	{"a NUL in the target", "GET /\x00 HTTP/1.1\r\n\r\n", errTargetChar},
	{"a bare CR in the target", "GET /a\rb HTTP/1.1\r\n\r\n", errTargetChar},
	{"a bracket in the query", "GET /?a[]=1 HTTP/1.1\r\n\r\n", errTargetChar},
	{"a bad percent-encoding", "GET /%2 HTTP/1.1\r\n\r\n", errTargetPercent},
	{"a bad percent-encoding in the query", "GET /?%zz HTTP/1.1\r\n\r\n", errTargetPercent},
	{"a user in the target", "GET http://u@a/ HTTP/1.1\r\n\r\n", errAuthority},
	{"https without TLS", "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", errScheme},
	{"no host in the target", "GET http:///p HTTP/1.1\r\n\r\n", errAuthority},

	{"a space before the colon", host + "A : b\r\n\r\n", errFieldSpace},
	{"no colon", host + "Ab\r\n\r\n", errFieldName},
	{"no name", host + ": b\r\n\r\n", errFieldName},
	{"a name that is no token", host + "A(b: c\r\n\r\n", errFieldName},
	{"a space on the first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", errFieldFirst},
	{"a folded line", host + "A: b\r\n c\r\n\r\n", errFieldFolded},
	{"a NUL in a value", host + "A: b\x00c\r\n\r\n", errFieldValue},
	{"a bare CR in a value", host + "A: b\rc\r\n\r\n", errFieldValue},
	{"a DEL in a long value", host + "A: 01234567890\x7f234567\r\n\r\n", errFieldValue},
	{"two CRs at the end of a line", host + "A: b\r\r\n\r\n", errFieldValue},
	{"too many fields", host + "A:\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", errFieldCount},
	{"a long header", host + "A: " + strings.Repeat("x", 200) + "\r\n\r\n", errHeaderLong},
	{"a header line that never ends", host + strings.Repeat("x", 200), errHeaderLong},

	{"no Host", "GET / HTTP/1.1\r\n\r\n", errHostMissing},
	{"two Hosts", host + "host: a\r\n\r\n", errHostTwice},
	{"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", errHostTwice},
	{"an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", errHostInvalid},
	{"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", errHostInvalid},
	{"two Hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", errHostInvalid},
	{"a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", errHostInvalid},
	{"a Host with a bad port", "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n", errHostInvalid},
	{"an address that doesn't end", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", errHostInvalid},
	{"an address with a tail", "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", errHostInvalid},
	{"another expectation", host + "Expect: tea\r\n\r\n", errExpectation},

	{"two lengths", host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", errLengthTwice},
	{"a list of lengths", host + "Content-Length: 1, 1\r\n\r\nx", errLengthInvalid},
	{"a length with a plus", host + "Content-Length: +1\r\n\r\nx", errLengthInvalid},
	{"a negative length", host + "Content-Length: -1\r\n\r\nx", errLengthInvalid},
	{"a length in hex", host + "Content-Length: 0x1\r\n\r\nx", errLengthInvalid},
	{"an empty length", host + "Content-Length:\r\n\r\nx", errLengthInvalid},
	{"a length that overflows", host + "Content-Length: 18446744073709551617\r\n\r\nx", errLengthInvalid},
	{"a length and a coding", host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", errLengthAndCoded},
	{"chunked twice", host + "Transfer-Encoding: chunked, chunked\r\n\r\n", errCodingOrder},
	{"chunked in two fields", host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", errCodingOrder},
	{"chunked is not the last", host + "Transfer-Encoding: chunked, gzip\r\n\r\n", errCodingOrder},
	{"an unknown coding", host + "Transfer-Encoding: gzip, chunked\r\n\r\n", errCodingUnknown},
	{"an unknown coding alone", host + "Transfer-Encoding: gzip;q=1\r\n\r\n", errCodingOrder},
	{"no coding", host + "Transfer-Encoding:\r\n\r\n", errCodingOrder},
	{"chunked with a parameter", host + "Transfer-Encoding: chunked;q=1\r\n\r\n", errCodingInvalid},
	{"a coding with a vertical tab", host + "Transfer-Encoding: \x0bchunked\r\n\r\n", errFieldValue},
	{"a coding that is no token", host + "Transfer-Encoding: \xffchunked\r\n\r\n", errCodingInvalid},
	{"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", errCodingOld},
	{"a body longer than the limit", host + "Content-Length: 31\r\n\r\n", errBodyLong},

	{"a chunk size that is no number", chunkedHead + "x\r\n", errChunkSize},
	{"a chunk without a size", chunkedHead + "\r\n", errChunkSize},
	{"a chunk size with a prefix", chunkedHead + "0x1\r\nx\r\n", errChunkExt},
	{"a negative chunk size", chunkedHead + "-1\r\n", errChunkSize},
	{"a chunk size that overflows", chunkedHead + "10000000000000001\r\nx\r\n", errChunkSize},
	{"a chunk size with a space behind", chunkedHead + "1 \r\nx\r\n", errChunkExt},
	{"a chunk size with a space before", chunkedHead + " 1\r\nx\r\n", errChunkSize},
	{"LF alone after a chunk size", chunkedHead + "1\nx\r\n", errChunkLine},
	{"a bare CR in an extension", chunkedHead + "1;a\rb\r\nx\r\n", errChunkExt},
	{"LF alone after a chunk", chunkedHead + "1\r\nx\n0\r\n\r\n", errChunkEnd},
	{"a CR and something else after a chunk", chunkedHead + "1\r\nx\rx", errChunkEnd},
	{"more data than the size says", chunkedHead + "1\r\nxy\r\n", errChunkEnd},
	{"LF alone after a trailer", chunkedHead + "0\r\nA: b\n\r\n", errChunkLine},
	{"LF alone after the trailers", chunkedHead + "0\r\n\n", errChunkLine},
	{"a bad trailer", chunkedHead + "0\r\nA : b\r\n\r\n", errFieldSpace},
	{"a folded trailer", chunkedHead + "0\r\nA: b\r\n c\r\n\r\n", errFieldFolded},
	{"too many trailers", chunkedHead + "0\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", errFieldCount},
	{"long trailers", chunkedHead + "0\r\nA: " + strings.Repeat("x", 200) + "\r\n\r\n", errHeaderLong},
	{"a chunk longer than the limit", chunkedHead + "1f\r\n", errBodyLong},
	{"chunks longer than the limit", chunkedHead + "f\r\n012345678901234\r\n10\r\n", errBodyLong},
	{"a long chunk extension", chunkedHead + "1;" + strings.Repeat("x", maxChunkLine) + "\r\nx\r\n", errChunkExcess},
	{"many chunk extensions", chunkedHead + strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\nx\r\n", 5), errChunkExcess},
}

// streams are all streams of the two tables.
func streams() (all []string) {
	for _, test := range accepted {
		all = append(all, test.stream)
	}
	for _, test := range refused {
		all = append(all, test.stream)
	}
	return all
}
