package http1

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const hello = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"

// browser is what a browser sends: ten fields, most of them long.
const browser = "GET /files/style.css?v=12 HTTP/1.1\r\n" +
	"Host: localhost:8080\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n" +
	"Accept: text/css,*/*;q=0.1\r\n" +
	"Accept-Language: en-US,en;q=0.5\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Connection: keep-alive\r\n" +
	"Referer: http://localhost:8080/files/index.html\r\n" +
	"Sec-Fetch-Dest: style\r\n" +
	"Sec-Fetch-Mode: no-cors\r\n" +
	"If-None-Match: \"5f3e2a-1b7\"\r\n\r\n"

const chunkedRequest = chunkedHead + "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"

var benchmarks = []struct{ name, stream string }{
	{"hello", hello}, {"browser", browser}, {"chunked", chunkedRequest},
}

func BenchmarkParser(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			p := NewParser(Limits{})
			buf := make([]byte, len(bench.stream))
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.stream)))
			for b.Loop() {
				copy(buf, bench.stream)
				_, done, err := p.Parse(buf)
				if !done {
					b.Fatal(err)
				}
				p.Next()
			}
		})
	}
}

// What a Parser costs when it can't recall the header: each request has another one.
func BenchmarkParserOtherHeader(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			p := NewParser(Limits{})
			streams := [2]string{bench.stream, strings.Replace(bench.stream, "Host: ", "Host: x", 1)}
			buf := make([]byte, len(bench.stream)+1)
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.stream)))
			for i := 0; b.Loop(); i++ {
				n := copy(buf, streams[i%2])
				_, done, err := p.Parse(buf[:n])
				if !done {
					b.Fatal(err)
				}
				p.Next()
			}
		})
	}
}

// The same bytes through net/http, which makes a map of the header and copies of
// all its parts.
func BenchmarkNetHTTPReadRequest(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			source := bytes.NewReader(nil)
			reader := bufio.NewReader(source)
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.stream)))
			for b.Loop() {
				source.Reset([]byte(bench.stream))
				reader.Reset(source)
				if _, err := http.ReadRequest(reader); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The time per byte must not grow with the length of the header, however the bytes come.
func BenchmarkParserByteByByte(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			p := NewParser(Limits{})
			buf := make([]byte, 0, len(bench.stream))
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.stream)))
			for b.Loop() {
				buf = buf[:0]
				for i := range len(bench.stream) {
					buf = append(buf, bench.stream[i])
					buf, _, _ = p.Parse(buf)
				}
				if p.State() != Done {
					b.Fatal(p.State())
				}
				p.Next()
			}
		})
	}
}

func BenchmarkResponseHead(b *testing.B) {
	req := &Request{Method: MethodGet, KeepAlive: true}
	for name, cache := range map[string]*HeadCache{"new": nil, "cached": new(HeadCache)} {
		b.Run(name, func(b *testing.B) {
			head := ResponseHead{Status: 200, Header: Header{{"Content-Type", "text/plain"}}, Length: 13, Date: date, Cache: cache}
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				dst, _, _ = head.Append(dst[:0], req)
			}
		})
	}
}

func TestParser_allocatesNothingInTheSteadyState(t *testing.T) {
	for _, bench := range benchmarks {
		p := NewParser(Limits{})
		buf := make([]byte, len(bench.stream))
		allocs := testing.AllocsPerRun(100, func() {
			copy(buf, bench.stream)
			if _, done, _ := p.Parse(buf); !done {
				panic(p.State())
			}
			p.Next()
		})
		require.Zero(t, allocs, bench.name)
	}
}

func TestResponseHead_allocatesNothing(t *testing.T) {
	req := &Request{Method: MethodGet, KeepAlive: true}
	dst := make([]byte, 0, 1024)
	header := Header{{"Content-Type", "text/plain"}, {"Connection", "x"}}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		head := ResponseHead{Status: 404, Header: header, Length: 13, Date: date}
		dst, _, _ = head.Append(dst[:0], req)
	}))
}

// Each Parse may look only at what is new. If it began anew each time, a header
// of n bytes that comes byte by byte would cost n*n/2 looks; here it's counted in
// how often a line end is searched where none is.
func TestParser_looksAtEachByteOnce(t *testing.T) {
	p := NewParser(Limits{})
	var buf []byte
	for i := range len(browser) {
		buf = append(buf, browser[i])
		_, done, err := p.Parse(buf)
		require.NoError(t, err)
		if done {
			break
		}
		require.Equal(t, len(buf), p.scanned, "the search goes on behind the last byte")
		require.LessOrEqual(t, p.line, p.scanned)
	}
	require.Equal(t, Done, p.State())
}
