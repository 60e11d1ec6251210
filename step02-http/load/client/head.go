package client

import (
	"bytes"
	"strconv"

	"example.com/async/step02-http/http1"
)

// framing says how content travels (RFC 9112 section 6.3).
type framing uint8

const (
	untilClose framing = iota // it ends with the connection
	noContent
	fixed // its length is known
	chunked
)

// A head is what matters of a response's head.
type head struct {
	status  int
	old     bool // HTTP/1.0
	stays   bool // "Connection: keep-alive"
	close   bool
	framing framing
	length  int64
}

// interim reports whether the real response is still to come. After 101 there is
// none: the connection speaks another protocol.
func (h head) interim() bool { return h.status < 200 && h.status != 101 }

// parseHead understands a head, whose lines all end in CRLF. method is that of the request.
func parseHead(text []byte, method string) (head, error) {
	line, fields, _ := bytes.Cut(text, crlf)
	h, err := parseStatusLine(line)
	if err != nil {
		return head{}, err
	}
	for len(fields) > 0 {
		line, fields, _ = bytes.Cut(fields, crlf)
		name, value, ok := bytes.Cut(line, colon)
		if !ok || len(name) == 0 {
			return head{}, wrong("a field without a name: %.40q", line)
		}
		if err := h.field(name, value); err != nil {
			return head{}, err
		}
	}
	// HTTP/1.0 closes, unless it says otherwise (RFC 9112 section 9.3).
	h.close = h.close || h.old && !h.stays
	switch {
	case h.status == 101:
		h.framing, h.close = noContent, true
	case method == http1.MethodHead || h.status < 200 || h.status == 204 || h.status == 304:
		h.framing = noContent
	case h.framing == untilClose:
		h.close = true
	}
	return h, nil
}

var (
	crlf  = []byte("\r\n")
	colon = []byte(":")
)

// parseStatusLine understands "HTTP/1.1 200 OK".
func parseStatusLine(line []byte) (head, error) {
	const version, code = "HTTP/1.", "HTTP/1.1 200"
	if len(line) < len(code) || string(line[:len(version)]) != version || line[len("HTTP/1.1")] != ' ' ||
		len(line) > len(code) && line[len(code)] != ' ' {
		return head{}, wrong("it begins with %.40q", line)
	}
	status, err := strconv.Atoi(string(line[len("HTTP/1.1 "):len(code)]))
	if err != nil || status < 100 {
		return head{}, wrong("the status is %q", line[len("HTTP/1.1 "):len(code)])
	}
	return head{status: status, old: line[len(version)] == '0'}, nil
}

// field looks at the three fields that say how the response travels. Their lengths
// differ, so that most fields cost one comparison of numbers.
func (h *head) field(name, value []byte) error {
	switch len(name) {
	case len("Connection"):
		if !bytes.EqualFold(name, []byte("Connection")) {
			return nil
		}
		for option := range bytes.SplitSeq(value, []byte(",")) {
			option = trim(option)
			switch {
			case bytes.EqualFold(option, []byte("close")):
				h.close = true
			case bytes.EqualFold(option, []byte("keep-alive")):
				h.stays = true
			}
		}
	case len("Content-Length"):
		if !bytes.EqualFold(name, []byte("Content-Length")) || h.framing == chunked {
			return nil
		}
		value = trim(value)
		length, err := strconv.ParseUint(string(value), 10, 63)
		if err != nil || h.framing == fixed && int64(length) != h.length {
			return wrong("Content-Length is %.40q", value)
		}
		h.framing, h.length = fixed, int64(length)
	case len("Transfer-Encoding"):
		if !bytes.EqualFold(name, []byte("Transfer-Encoding")) {
			return nil
		}
		if value = trim(value); !bytes.EqualFold(value, []byte("chunked")) {
			return wrong("Transfer-Encoding is %.40q, which was not asked for", value)
		}
		h.framing = chunked
	}
	return nil
}

// trim removes the whitespace that may surround a value (RFC 9110 section 5.5).
func trim(value []byte) []byte { return bytes.Trim(value, " \t") }
