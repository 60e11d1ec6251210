package http1

import "bytes"

// A Parser finds one request after another in what a client has sent.
//
// The engine keeps the bytes that it has received in one buffer, beginning with
// the first byte of the current request, and calls Parse after each read:
//
//	buffer, done, err = parser.Parse(buffer)
//	switch {
//	case err != nil: // answer with the *Error, close
//	case !done:      // read more behind what is in buffer, call Parse again
//	default:         // answer parser.Request()
//		buffer = buffer[parser.Len():] // the next request may be here already
//		parser.Next()
//	}
//
// The Parser remembers offsets, never slices, so between two calls the engine may
// move the bytes to another, larger buffer. No byte is parsed twice: a request that arrives
// one byte at a time costs as much time as one that arrives at once.
//
// A Parser belongs to one connection at a time, and to one goroutine at a time.
type Parser struct {
	limits Limits
	state  State
	err    *Error // why state is Failed
	req    Request
	last   lastHeader
	progress
}

// progress is how far a Parser has come with its request.
type progress struct {
	line    int // where the current line begins, or what is not yet parsed
	scanned int // up to here the current line has been searched for its end
	empty   int // empty lines before the request line

	headerBytes int // what header lines took, once the trailers begin

	notes headNotes
	chunk chunk
}

// NewParser returns a Parser that waits for its first request.
func NewParser(limits Limits) *Parser {
	return &Parser{limits: limits.withDefaults()}
}

// Parse goes on with the current request. buf holds all of it that has arrived,
// from its first byte on; bytes of later requests may follow.
//
// When done is true, the request is complete: see [Parser.Request] and [Parser.Len].
// When it is false and err is nil, Parse needs more: call it again with rest and
// at least one byte behind it. err is an [*Error], and stays.
//
// rest is buf, except that the framing of a chunked body has been cut out of it,
// so that the body lies in one piece and its framing takes no memory.
func (p *Parser) Parse(buf []byte) (rest []byte, done bool, err error) {
	for {
		var goOn bool
		switch p.state {
		case Start:
			goOn = p.parseStart(buf)
		case RequestLine:
			goOn = p.parseRequestLine(buf)
		case HeaderFields:
			goOn = p.parseHeaderFields(buf)
		case FixedBody:
			goOn = p.parseFixedBody(buf)
		case ChunkSize:
			goOn = p.parseChunkSize(buf)
		case ChunkData:
			goOn = p.parseChunkData(buf)
		case ChunkEnd:
			goOn = p.parseChunkEnd(buf)
		case Trailers:
			goOn = p.parseTrailers(buf)
		case Done:
			p.req.buf = buf[:p.line:p.line]
			return buf, true, nil
		case Failed:
			p.req.buf = buf
			return buf, false, p.err
		}
		if !goOn {
			buf = p.closeGap(buf)
			p.req.buf = buf
			return buf, false, nil
		}
	}
}

// State returns which part of the request the Parser waits for.
func (p *Parser) State() State { return p.state }

// Request returns the request that Parse has found. It is the same Request each
// time: it, and all that its methods return, is valid until [Parser.Next] is
// called or the buffer is changed. Before that it holds what was understood so far: all
// but the body when [State.InBody], and enough to see whether the method was HEAD after
// most errors.
func (p *Parser) Request() *Request { return &p.req }

// Len returns how many bytes at the beginning of the buffer the complete request takes.
func (p *Parser) Len() int { return p.line }

// Next forgets the request, and waits for the next one, whose first byte must
// be the first of the next buffer that Parse is given.
func (p *Parser) Next() {
	p.state, p.err = Start, nil
	p.progress = progress{}
	p.req.forget()
}

// parseStart skips the one empty line that may stand before a request: old
// browsers sent one after a POST (RFC 9112 section 2.2).
func (p *Parser) parseStart(buf []byte) bool {
	rest := buf[p.line:]
	switch {
	case len(rest) == 0:
		return false
	case rest[0] == '\n':
		p.line++
	case rest[0] == '\r' && len(rest) == 1:
		return false
	case rest[0] == '\r' && rest[1] == '\n':
		p.line += 2
	default: // the request line begins; a lone CR is found there
		p.scanned = p.line
		p.state = RequestLine
		return true
	}
	if p.empty++; p.empty > 1 {
		return p.fail(errEmptyLines)
	}
	return true
}

// nextLine returns the current line without its end, and moves on behind it. It
// reports false when the end has not arrived, but at once that the line with its
// end is longer than limit: which of the two is the case must not depend on how
// many bytes are there.
func (p *Parser) nextLine(buf []byte, limit int) (line []byte, ok, tooLong bool) {
	length := bytes.IndexByte(buf[p.scanned:], '\n')
	if length < 0 {
		p.scanned = len(buf)
		return nil, false, len(buf)-p.line > limit
	}
	begin, end := p.line, p.scanned+length
	if end+1-begin > limit {
		return nil, false, true
	}
	p.line, p.scanned = end+1, end+1
	return buf[begin:end], true, false
}

// cutCR removes the CR of a line's end. A lone LF ends a line of the head too, so
// that people can type a request (RFC 9112 section 2.2 allows that).
func cutCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// fail ends the parsing. It returns true so that Parse goes on, to its end.
func (p *Parser) fail(err *Error) bool {
	p.state, p.err = Failed, err
	return true
}
