package httpdtest

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// withChunks is a server that puts chunked bodies together before the right server sees
// them, each connection's first one. What the reader doesn't understand is answered with 400.
func withChunks(reader chunkReader) Subject {
	return withRequests(func(arrived []byte) []byte {
		lines, rest, complete := splitHead(string(arrived))
		if !complete {
			return unlessLong(arrived)
		}
		value := ""
		for _, line := range lines {
			if coding, ok := fieldValue(line, "Transfer-Encoding"); ok {
				value += coding
			}
		}
		if value != "chunked" || strings.Contains(lines[0], "HTTP/1.0") || len(deleteField(lines, "Content-Length", 0)) < len(lines) {
			return arrived
		}
		body, rest, err := reader.read(rest)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case errors.Is(err, errTooLong):
			return arrived
		case err != nil:
			return []byte(notHTTP + "\r\n\r\n")
		}
		lines = append(deleteField(lines, "Transfer-Encoding", 0), fmt.Sprintf("Content-Length: %d", len(body)))
		return []byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + body + rest)
	})
}

// A chunkReader understands chunked bodies that have arrived, and is right but for what is
// replaced in it, and for the bytes that aren't data: it doesn't count them.
type chunkReader struct {
	line       func(text string) (line, rest string, err error)
	size       func(line string) (int64, error)
	noTrailers bool // believes that an empty line follows the last chunk
}

var (
	errTooLong     = errors.New("the body is too long")
	errWrongChunks = errors.New("these are no chunks")
)

// read returns the body and what follows it. [io.ErrUnexpectedEOF] means: more is needed.
func (c chunkReader) read(text string) (body, rest string, err error) {
	if c.line == nil {
		c.line = rightLine
	}
	if c.size == nil {
		c.size = rightSize
	}
	for {
		line, rest, err := c.line(text)
		if err != nil {
			return "", "", err
		}
		size, err := c.size(line)
		switch {
		case err != nil:
			return "", "", err
		case size > 1<<20-int64(len(body)):
			return "", "", errTooLong
		case size == 0:
			rest, err = c.skipTrailers(rest)
			return body, rest, err
		case size > int64(len(rest)):
			return "", "", io.ErrUnexpectedEOF
		}
		body += rest[:size]
		if line, text, err = c.line(rest[size:]); err != nil {
			return "", "", err
		}
		if line != "" {
			return "", "", errWrongChunks
		}
	}
}

func (c chunkReader) skipTrailers(text string) (string, error) {
	for {
		line, rest, err := c.line(text)
		if err != nil || line == "" || c.noTrailers {
			return rest, err
		}
		text = rest
	}
}

func rightLine(text string) (line, rest string, err error) {
	line, rest, found := strings.Cut(text, "\n")
	switch {
	case !found:
		return "", "", io.ErrUnexpectedEOF
	case !strings.HasSuffix(line, "\r"):
		return "", "", errWrongChunks
	}
	return strings.TrimSuffix(line, "\r"), rest, nil
}

func rightSize(line string) (int64, error) {
	digits, _, _ := strings.Cut(line, ";")
	digits = strings.TrimRight(digits, " \t")
	if digits != "" && strings.Trim(digits, "0123456789abcdefABCDEF") != "" || len(digits) < len(line) && line[len(digits)] == ' ' && !strings.Contains(line, ";") {
		return 0, errWrongChunks
	}
	return strconv.ParseInt(digits, 16, 64)
}
