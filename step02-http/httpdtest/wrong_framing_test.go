package httpdtest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/async/internal/lesson"
)

// Wrong in where a request ends.
var wrongFraming = []lesson.Wrong[Subject]{
	{
		Name: "accepts two lengths: the first one wins", Case: "length-twice",
		Message: "two lengths are refused, also two equal ones",
		Subject: withoutField("Content-Length", 1),
	},
	{
		Name: "reads Content-Length with strconv.Atoi", Case: "length-plain",
		Message: "a length is digits and nothing else",
		Subject: withField("Content-Length", func(value string) string {
			if n, err := strconv.Atoi(value); err == nil {
				return strconv.Itoa(max(n, 0)) // +5 is 5, and -1 is "no body"
			}
			return value
		}),
	},
	{
		Name: "trusts Content-Length, whatever Transfer-Encoding says", Case: "length-and-chunked",
		Message: "Content-Length beside Transfer-Encoding is refused",
		Subject: withHead(func(lines []string) []string {
			if without := deleteField(lines, "Content-Length", 0); len(without) < len(lines) {
				return deleteField(lines, "Transfer-Encoding", 0)
			}
			return lines
		}),
	},
	{
		Name: "lets Transfer-Encoding override Content-Length, as RFC 7230 did", Case: "length-and-chunked",
		Message: "Content-Length beside Transfer-Encoding is refused",
		Subject: withHead(func(lines []string) []string {
			if without := deleteField(lines, "Transfer-Encoding", 0); len(without) < len(lines) {
				return deleteField(lines, "Content-Length", 0)
			}
			return lines
		}),
	},
	{
		Name: "looks whether Transfer-Encoding contains chunked", Case: "chunked-last",
		Message: "chunked must be the last coding, and be there once",
		Subject: withField("Transfer-Encoding", func(value string) string {
			if strings.HasPrefix(value, "chunked") {
				return "chunked"
			}
			return value
		}),
	},
	{
		Name: "ignores the codings that it doesn't know", Case: "coding-unknown",
		Message: "a transfer coding that the server doesn't know is answered with 501",
		Subject: withField("Transfer-Encoding", func(value string) string {
			return strings.TrimPrefix(value, "gzip, ")
		}),
	},
	{
		Name: "ignores Transfer-Encoding in HTTP/1.0", Case: "coding-http10",
		Message: "Transfer-Encoding in HTTP/1.0 is refused",
		Subject: withHead(func(lines []string) []string {
			if strings.HasSuffix(lines[0], "HTTP/1.0") {
				return deleteField(lines, "Transfer-Encoding", 0)
			}
			return lines
		}),
	},
	{
		Name: "reads a chunk's size with strconv.ParseInt", Case: "chunk-size",
		Message: "a chunk begins with its size in hex digits",
		Subject: withChunks(chunkReader{size: func(line string) (int64, error) {
			digits, _, _ := strings.Cut(line, ";")
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 16, 64)
			return max(n, 0), err // -1 is the last chunk
		}}),
	},
	{
		Name: "ends a chunk's line at LF", Case: "chunk-crlf",
		Message: "in chunked framing nothing but CRLF ends a line",
		Subject: withChunks(chunkReader{line: func(text string) (line, rest string, err error) {
			line, rest, found := strings.Cut(text, "\n")
			if !found {
				return "", "", io.ErrUnexpectedEOF
			}
			return strings.TrimSuffix(line, "\r"), rest, nil
		}}),
	},
	{
		Name: "knows no chunk extensions", Case: "chunked",
		Message: "POST /echo sends the decoded body back",
		Subject: withChunks(chunkReader{size: func(line string) (int64, error) {
			if strings.Contains(line, ";") {
				return 0, errWrongChunks
			}
			return rightSize(line)
		}}),
	},
	{
		Name: "leaves the trailers for the next request", Case: "chunked",
		Message: "the next request begins behind the chunked body, its trailers included",
		Subject: withChunks(chunkReader{noTrailers: true}),
	},
	{
		Name: "counts runes for Content-Length", Case: "echo",
		Message: "POST /echo sends the body back",
		Subject: withResponse(func(head, content string) (string, string) {
			bytes, runes := fmt.Sprintf("Length: %d\r\n", len(content)), fmt.Sprintf("Length: %d\r\n", utf8.RuneCountInString(content))
			return strings.Replace(head, bytes, runes, 1), content
		}),
	},
	{
		Name: "takes one Read for one request", Case: "any-cut",
		Message: "the request came in two pieces",
		Subject: faulty(fault{oneRead: true}),
	},
	{
		Name: "splits each piece at CRLF, as if no line could be cut", Case: "any-cut",
		Message: "the request came in two pieces",
		Subject: withConn(func(conn net.Conn) net.Conn {
			inHead := true
			return &wrongConn{Conn: conn, read: func(p []byte) (int, error) {
				n, err := conn.Read(p[:len(p)/2])
				if !inHead {
					return n, err
				}
				lines := strings.Split(string(p[:n]), "\r\n")
				inHead = !strings.Contains(string(p[:n]), "\r\n\r\n")
				if last := len(lines) - 1; inHead && lines[last] != "" {
					lines = append(lines, "") // "a line has ended here"
				}
				return copy(p, strings.Join(lines, "\r\n")), err
			}}
		}),
	},
	{
		Name: "looks for the end of the head in the newest piece only", Case: "any-cut",
		Message: "the request came in two pieces",
		Subject: withConn(func(conn net.Conn) net.Conn {
			var arrived []byte
			inBody := false
			return &wrongConn{Conn: conn, read: func(p []byte) (int, error) {
				for !inBody {
					n, err := conn.Read(p[:len(p)/2])
					if err != nil {
						return 0, err
					}
					arrived = append(arrived, p[:n]...)
					inBody = bytes.Contains(p[:n], []byte("\r\n\r\n")) // not: of all that has arrived
				}
				if len(arrived) == 0 {
					return conn.Read(p)
				}
				n := copy(p, arrived)
				arrived = arrived[n:]
				return n, nil
			}}
		}),
	},
	{
		Name: "forgets the body of a GET", Case: "body-then-request",
		Message: "the second request begins behind that body",
		Subject: withHead(func(lines []string) []string {
			if strings.HasPrefix(lines[0], "GET ") {
				return deleteField(lines, "Content-Length", 0)
			}
			return lines
		}),
	},
	{
		Name: "never says 100 Continue", Case: "continue",
		Message: "the client waits for 100 Continue",
		Subject: withoutField("Expect", 0),
	},
	{
		Name: "says 100 Continue to whoever asks", Case: "continue-refused",
		Message: "the announced body is too long",
		Subject: faulty(fault{continuesAlways: true}),
	},
}
