package http1

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// parseForgetful parses each request of a stream with a new Parser, which can't recall a header.
func parseForgetful(limits Limits, stream []byte) (v verdict) {
	buf := bytes.Clone(stream)
	for {
		p := NewParser(limits)
		rest, done, err := p.Parse(buf)
		switch {
		case err != nil:
			return append(v, err.Error())
		case !done:
			return append(v, fmt.Sprintf("%v, %d unread", p.State(), len(rest)-p.line))
		}
		v = append(v, describe(p.Request()))
		buf = rest[p.Len():]
	}
}

func TestParser_recallsHeaders(t *testing.T) {
	const header = "Host: a\r\nConnection: close\r\n\r\n"
	const chunked = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, test := range []struct {
		name, stream string
		recalls      bool
	}{
		{"the same request", "GET / HTTP/1.1\r\n" + header + "GET / HTTP/1.1\r\n" + header, true},
		{"another request line", "GET / HTTP/1.1\r\n" + header + "DELETE /longer?q HTTP/1.1\r\n" + header, true},
		{"behind an empty line", "GET / HTTP/1.1\r\n" + header + "\r\nGET / HTTP/1.1\r\n" + header, true},
		{"bodies of one length", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhePUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nho", true},
		{"chunks and trailers", "PUT / HTTP/1.1\r\n" + chunked + "1\r\na\r\n0\r\nX: 1\r\n\r\nPUT /b HTTP/1.1\r\n" + chunked + "2\r\nbb\r\n0\r\nYY: 22\r\n\r\n", true},
		{"the host in the target", "GET http://b/ HTTP/1.1\r\n" + header + "GET / HTTP/1.1\r\n" + header, true},
		{"a header that is wrong as a whole", "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", false},
		{"one field more", "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n", false},
		{"one field less", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", false},
		{"HTTP/1.0 in between", "GET / HTTP/1.1\r\n" + header + "GET / HTTP/1.0\r\n" + header + "GET / HTTP/1.1\r\n" + header, true},
		{"no coding in HTTP/1.0", "PUT / HTTP/1.1\r\n" + chunked + "0\r\n\r\nPUT / HTTP/1.0\r\n" + chunked + "0\r\n\r\n", false},
		{"a long header", strings.Repeat("GET / HTTP/1.1\r\nHost: a\r\nX: "+strings.Repeat("x", maxRemembered)+"\r\n\r\n", 2), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			stream := []byte(test.stream)
			require.Equal(t, parseForgetful(Limits{}, stream), parsePieces(Limits{}, stream))
			require.Equal(t, test.recalls, recallsHeader(stream))
		})
	}
}

// recallsHeader reports whether a header of the stream was not parsed line by line: what is remembered
// is made an error here, and shows.
func recallsHeader(stream []byte) bool {
	p := NewParser(Limits{})
	for buf := bytes.Clone(stream); ; {
		rest, done, err := p.Parse(buf)
		if !done {
			return err == errCodingUnknown
		}
		p.last.notes.otherCodings = true
		buf = rest[p.Len():]
		p.Next()
	}
}
