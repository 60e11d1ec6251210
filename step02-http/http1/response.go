package http1

import (
	"errors"
	"fmt"
	"strconv"
)

// Continue is the interim response that lets a client send its body.
const Continue = "HTTP/1.1 100 Continue\r\n\r\n"

// TimeFormat is how HTTP writes a time, for [time.Time.Format] in UTC
// (RFC 9110 section 5.6.7).
const TimeFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

// UnknownLength is the Length of content that ends when it ends.
const UnknownLength = -1

// A ResponseHead is a response without its content.
type ResponseHead struct {
	// Status is the status code: 200 to 999 of a final response; or 101, after which
	// the connection speaks the protocol that Header names in Upgrade.
	Status int
	// Header holds the fields. What says how the message travels belongs to the
	// engine: Connection, Content-Length, Date, Keep-Alive and Transfer-Encoding are
	// left out, but "Connection: close" is obeyed.
	Header Header
	// Length is how many bytes of content there are, or UnknownLength.
	Length int64
	// Date is the time of the response in TimeFormat; the engine makes it once a second.
	Date string
	// Close makes this the last response on its connection.
	Close bool
	// Cache may be nil. An engine has one for each connection that is busy.
	Cache *HeadCache
}

// Framing says how the content of a response travels.
type Framing struct {
	// Content says what to send after the head.
	Content Content
	// Close is true if the connection must be closed after this response.
	Close bool
}

// Content is a way for content to travel.
type Content uint8

const (
	// NoContent: nothing follows the head, whatever the handler wrote.
	NoContent Content = iota
	// PlainContent: the content as it is follows. It ends with its length, or with
	// the connection.
	PlainContent
	// ChunkedContent: the content follows in chunks, see [AppendChunk].
	ChunkedContent
	// OtherProtocol: from here on the connection speaks another protocol.
	OtherProtocol
)

var contentNames = [...]string{"NoContent", "PlainContent", "ChunkedContent", "OtherProtocol"}

// String returns the name of the constant.
func (c Content) String() string {
	if int(c) < len(contentNames) {
		return contentNames[c]
	}
	return "unknown content"
}

// Append appends the head to dst, as an answer to req, and says how the content
// must follow. The error says what would break the response: then dst is
// returned as it was.
func (h *ResponseHead) Append(dst []byte, req *Request) ([]byte, Framing, error) {
	before := len(dst)
	if h.Status == 101 {
		if err := h.checkUpgrade(req); err != nil {
			return dst, Framing{}, err
		}
	}
	text, complete := h.Cache.recall(h, req)
	dst = append(dst, text...)
	if complete {
		return dst, h.Cache.framing, nil
	}
	if len(text) == 0 {
		var err error
		if dst, err = h.appendFields(dst); err != nil {
			return dst[:before], Framing{}, err
		}
	}
	fieldsEnd := len(dst) - before
	framing := h.frame(req)
	dst = append(h.appendFraming(dst, req, framing), "\r\n"...)
	h.Cache.keep(h, req, dst[before:], fieldsEnd, framing)
	return dst, framing, nil
}

// appendFields appends the status line, the date, and the handler's fields.
func (h *ResponseHead) appendFields(dst []byte) ([]byte, error) {
	dst, err := appendStatusLine(dst, h.Status)
	if err != nil {
		return dst, err
	}
	dst = appendField(dst, "Date", h.Date)
	for _, field := range h.Header {
		if isFraming(field.Name) {
			continue
		}
		if err := checkField(field); err != nil {
			return dst, err
		}
		dst = appendField(dst, field.Name, field.Value)
	}
	return dst, nil
}

// checkUpgrade says why a 101 can't be sent, or nil. The client must have asked for the
// protocol, or it would take the protocol's bytes for a response (RFC 9110 section 7.8).
func (h *ResponseHead) checkUpgrade(req *Request) error {
	protocol := h.Header.Get("Upgrade")
	if protocol == "" {
		return errors.New("http1: a response with status 101 must name the protocol in Upgrade")
	}
	// Without upgrade in Connection the field is not meant for this connection: a proxy has
	// passed it on, and would not understand what follows the 101.
	if req.HTTP10 || !req.hasToken("Connection", "upgrade") || !req.hasToken("Upgrade", protocol) {
		return fmt.Errorf("http1: the client has not asked for the protocol %s", protocol)
	}
	return nil
}

// frame decides how the content travels (RFC 9112 section 6.3).
func (h *ResponseHead) frame(req *Request) Framing {
	if h.Status == 101 {
		return Framing{Content: OtherProtocol}
	}
	f := Framing{Close: h.Close || !req.KeepAlive || h.Header.hasToken("Connection", "close")}
	switch {
	case req.Method == MethodHead, !allowsContent(h.Status):
		f.Content = NoContent
	case h.Length != UnknownLength:
		f.Content = PlainContent
	case req.HTTP10: // it knows no chunks: only the end of the connection ends the content
		f.Content = PlainContent
		f.Close = true
	default:
		f.Content = ChunkedContent
	}
	return f
}

// allowsContent reports whether a response with that status has content (RFC 9110 section 6.4.1).
func allowsContent(status int) bool { return status >= 200 && status != 204 && status != 304 }

// appendFraming appends the fields that say how the message travels. To HEAD it
// says what it would say to GET (RFC 9110 section 9.3.2).
func (h *ResponseHead) appendFraming(dst []byte, req *Request, f Framing) []byte {
	switch {
	case !allowsContent(h.Status):
	case h.Length != UnknownLength:
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, h.Length, 10)
		dst = append(dst, "\r\n"...)
	case !req.HTTP10:
		dst = appendField(dst, "Transfer-Encoding", "chunked")
	}
	switch {
	case f.Content == OtherProtocol:
		dst = appendField(dst, "Connection", "Upgrade")
	case f.Close:
		dst = appendField(dst, "Connection", "close")
	case req.HTTP10: // it would not expect that the connection stays
		dst = appendField(dst, "Connection", "keep-alive")
	}
	return dst
}

// appendStatusLine always says HTTP/1.1, also to a client of HTTP/1.0: it tells
// what this server can do (RFC 9110 section 6.2).
func appendStatusLine(dst []byte, status int) ([]byte, error) {
	if status == 200 {
		return append(dst, "HTTP/1.1 200 OK\r\n"...), nil
	}
	if status != 101 && (status < 200 || status > 999) {
		return dst, fmt.Errorf("http1: %d is no status code of a final response", status)
	}
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ') // also if no text follows (RFC 9112 section 4)
	dst = append(dst, StatusText(status)...)
	return append(dst, "\r\n"...), nil
}

func appendField(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ": "...)
	dst = append(dst, value...)
	return append(dst, "\r\n"...)
}

// checkField finds what must never reach the wire. A value with a line end in it,
// taken from a request perhaps, would add fields, or a whole second response.
func checkField(field Field) error {
	switch {
	case field.Name == "" || !holdsOnly(field.Name, &tokenChars):
		return fmt.Errorf("http1: %q is no valid field name", field.Name)
	case !validFieldValue(field.Value):
		return fmt.Errorf("http1: the value of field %s has a control character: %q", field.Name, field.Value)
	}
	return nil
}

// isFraming reports whether a field says how the message travels.
func isFraming(name string) bool {
	switch len(name) {
	case len("Date"):
		return equalFold(name, "Date")
	case len("Connection"): // Keep-Alive is as long
		return equalFold(name, "Connection") || equalFold(name, "Keep-Alive")
	case len("Content-Length"):
		return equalFold(name, "Content-Length")
	case len("Transfer-Encoding"):
		return equalFold(name, "Transfer-Encoding")
	}
	return false
}

// LastChunk ends chunked content without trailers.
const LastChunk = "0\r\n\r\n"

// AppendChunk appends one chunk that holds data. Without data it appends nothing,
// because an empty chunk would be the last one.
func AppendChunk(dst, data []byte) []byte {
	if len(data) == 0 {
		return dst
	}
	dst = strconv.AppendInt(dst, int64(len(data)), 16)
	dst = append(dst, "\r\n"...)
	dst = append(dst, data...)
	return append(dst, "\r\n"...)
}
