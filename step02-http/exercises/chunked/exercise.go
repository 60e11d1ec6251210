//go:build !solution

package chunked

import "example.com/async/internal/lesson"

// A Decoder decodes one body. The zero value is ready.
type Decoder struct {
}

// Decode is called each time more has arrived, with the new bytes only. It appends to body the
// data in them, and says how many of them belong to the chunked body: all, until the
// end has come; what is left then is the next request. It must not keep arrived.
//
//	5;name=value CRLF    the chunk's size in hex digits; what follows a semicolon is ignored
//	hello CRLF           as many bytes as that, whatever they are
//	0 CRLF               the last chunk
//	CRLF                 no trailers here: an empty line ends the body
//
// (RFC 9112 section 7.1.) Nothing but CRLF ends a line. A line that is longer than MostLine, or
// that has anything but hex digits before its semicolon or its end, is ErrSyntax; so are a line
// without a digit and a chunk that isn't followed by CRLF. A size that would make the
// body longer than MostData is ErrTooLong, before the chunk's data have come.
func (d *Decoder) Decode(body, arrived []byte) (longer []byte, used int, done bool, err error) {
	return body, 0, false, lesson.ErrNotStarted
}
