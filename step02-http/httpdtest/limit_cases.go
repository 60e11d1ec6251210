package httpdtest

import "strings"

// What one request may cost in memory.
var limitCases = ruleCases([]rule{
	{
		name: "limit-request-line", send: "GET /" + long(8<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n", status: 414,
		alsoSend: []string{long(9 << 10)},
		rule:     "a request line of more than 8 KiB is answered with 414, also if it never ends", source: "RFC 9112 section 3",
		hint: "count while you look for the line's end",
	},
	{
		name: "limit-header", send: "GET / HTTP/1.1\r\nHost: a\r\nA: " + long(64<<10) + "\r\n\r\n", status: 431,
		alsoSend: []string{
			"GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: "+long(1000)+"\r\n", 66) + "\r\n",
			"GET / HTTP/1.1\r\nHost: a\r\n" + long(65<<10),
		},
		rule: "a header of more than 64 KiB is answered with 431, also if it never ends", source: "RFC 6585 section 5",
		hint: "count all lines together",
	},
	{
		name: "limit-fields", send: "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: b\r\n", 100) + "\r\n", status: 431,
		rule: "more than 100 fields are answered with 431", source: "RFC 6585 section 5",
		hint: "a field of four bytes costs more than four bytes of memory",
	},
	{
		name: "limit-fields-ok", send: "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: b\r\n", 99) + "\r\n", status: 200,
		rule: "100 fields are accepted", source: "Apache httpd LimitRequestFields",
		hint: "is the limit off by one?",
	},
	{
		name: "limit-body", send: "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", status: 413,
		alsoSend: []string{
			"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n",
			postChunked("100001\r\n"), postChunked("100000\r\n" + long(1<<20) + "\r\n1\r\n"),
		},
		rule: "a body of more than 1 MiB is answered with 413, as soon as that is known", source: "RFC 9110 section 15.5.14",
		hint: "Content-Length and the chunk's size come before the bytes",
	},
	{
		name: "limit-chunk-overhead", send: postChunked(strings.Repeat("1;"+long(3000)+"\r\nx\r\n", 20)), status: 413,
		alsoSend: []string{postChunked("1;" + long(100_000))},
		rule:     "chunk extensions that outweigh the data are refused", source: "RFC 9112 section 7.1.1",
		hint: "count the framing bytes too: net/http allows 16 a chunk, twice the data, and then 16 KiB",
	},
})
