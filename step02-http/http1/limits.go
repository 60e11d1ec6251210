package http1

import "cmp"

// Limits bound what one request may cost in memory. 0 means the default.
type Limits struct {
	// RequestLine is the length of the request line in bytes, without its line
	// end. Default 8 KiB. A longer one is answered with 414.
	RequestLine int
	// Header is the length of all header and trailer lines together, in bytes.
	// Default 64 KiB. More is answered with 431.
	Header int
	// Fields is the number of header and trailer fields together.
	// Default 100. More is answered with 431.
	Fields int
	// Body is the length of the body in bytes, after chunked decoding.
	// Default 1 MiB. A longer one is answered with 413.
	Body int
}

// A chunked body of one-byte chunks has five bytes of framing for each of data,
// and is legitimate: somebody types. But chunk extensions let a client send any
// amount of bytes for no data at all. So each chunk may have freePerChunk bytes
// of framing and as much again as twice its data; what is beyond is added up, and
// bounded. net/http counts in the same way.
const (
	maxChunkLine = 4 << 10  // the size line of one chunk, without its CRLF
	freePerChunk = 16       // framing bytes that are not counted
	maxExcess    = 16 << 10 // counted framing bytes in one body
)

func (l Limits) withDefaults() Limits {
	return Limits{
		RequestLine: cmp.Or(l.RequestLine, 8<<10),
		Header:      cmp.Or(l.Header, 64<<10),
		Fields:      cmp.Or(l.Fields, 100),
		Body:        cmp.Or(l.Body, 1<<20),
	}
}
