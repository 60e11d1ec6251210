package http1

import (
	"bytes"
	"math"
)

// chunk is where the parsing of a chunked body stands.
//
//	5;ext=1 CRLF   ChunkSize
//	hello          ChunkData
//	CRLF           ChunkEnd
//	0 CRLF         ChunkSize, the last one
//	Name: value    Trailers
//	CRLF
//
// In the buffer, data is moved up to the data of the chunk before, so that the body
// lies in one piece: [head][body so far][gap][not yet parsed]. closeGap takes
// the gap away when more must be read.
type chunk struct {
	left     int // bytes of the current chunk that are still to come
	excess   int // framing bytes beyond what the data justifies, see limits.go
	trailers int // where the first trailer line begins
}

// parseChunkSize understands the line above a chunk.
func (p *Parser) parseChunkSize(buf []byte) bool {
	line, ok, tooLong := p.nextLine(buf, maxChunkLine+len("\r\n"))
	switch {
	case tooLong:
		return p.fail(errChunkExcess)
	case !ok:
		return false
	}
	size, err := chunkSize(line)
	if err != nil {
		return p.fail(err)
	}
	if size > p.limits.Body-p.req.body.len() {
		return p.fail(errBodyLong)
	}
	overhead := len(line) + len("\n") + len("\r\n")
	p.chunk.excess = max(0, p.chunk.excess+overhead-freePerChunk-2*size)
	if p.chunk.excess > maxExcess {
		return p.fail(errChunkExcess)
	}
	p.chunk.left = size
	if size == 0 {
		p.req.trailersFrom = len(p.req.fields)
		p.chunk.trailers = p.line
		p.state = Trailers
	} else {
		p.state = ChunkData
	}
	return true
}

// chunkSize understands "1a", "1A;name=value", with the CR of the line's end. The
// extensions mean nothing to this server, so they must only be harmless.
func chunkSize(line []byte) (int, *Error) {
	line, hadCR := bytes.CutSuffix(line, []byte("\r"))
	if !hadCR {
		return 0, errChunkLine
	}
	size, digits := 0, 0
	for ; digits < len(line) && unhex(line[digits]) >= 0; digits++ {
		if size > math.MaxInt>>4 {
			return 0, errChunkSize
		}
		size = size<<4 | unhex(line[digits])
	}
	if digits == 0 {
		return 0, errChunkSize
	}
	extension := trim(line[digits:])
	switch {
	case len(line) == digits:
		return size, nil
	case len(extension) == 0 || extension[0] != ';' || !validFieldValue(extension):
		return 0, errChunkExt
	}
	return size, nil
}

// parseChunkData moves what has arrived of the chunk to the end of the body.
func (p *Parser) parseChunkData(buf []byte) bool {
	n := min(p.chunk.left, len(buf)-p.line)
	body := &p.req.body
	if body.end != p.line { // or it is in its place already
		copy(buf[body.end:], buf[p.line:p.line+n])
	}
	body.end += n
	p.line += n
	p.chunk.left -= n
	if p.chunk.left > 0 {
		return false
	}
	p.state = ChunkEnd
	return true
}

// parseChunkEnd wants CRLF. Each byte is judged when it comes.
func (p *Parser) parseChunkEnd(buf []byte) bool {
	rest := buf[p.line:]
	switch {
	case len(rest) > 0 && rest[0] != '\r', len(rest) > 1 && rest[1] != '\n':
		return p.fail(errChunkEnd)
	case len(rest) < 2:
		return false
	}
	p.line += 2
	p.scanned = p.line
	p.state = ChunkSize
	return true
}

// parseTrailers understands the fields under the last chunk. They are kept apart
// from the header: a trailer that could pass for a Host or Content-Length would
// be one more way to smuggle (RFC 9110 section 6.5.1).
func (p *Parser) parseTrailers(buf []byte) bool {
	for {
		begin := p.line
		left := p.limits.Header - p.headerBytes - (p.line - p.chunk.trailers)
		line, ok, tooLong := p.nextLine(buf, left)
		switch {
		case tooLong:
			return p.fail(errHeaderLong)
		case !ok:
			return false
		}
		line, hadCR := bytes.CutSuffix(line, []byte("\r"))
		if !hadCR {
			return p.fail(errChunkLine)
		}
		if len(line) == 0 {
			p.state = Done
			return true
		}
		if _, _, err := p.parseField(line, begin-p.req.headerAt); err != nil {
			return p.fail(err)
		}
	}
}

// closeGap cuts out the framing between the body and what isn't parsed yet. What
// must be moved is at most one unfinished line of framing, and no byte is moved
// twice. In the trailers it would be too late: their offsets are remembered.
func (p *Parser) closeGap(buf []byte) []byte {
	if p.state != ChunkSize && p.state != ChunkData && p.state != ChunkEnd {
		return buf
	}
	gap := p.line - p.req.body.end
	if gap == 0 {
		return buf
	}
	n := copy(buf[p.req.body.end:], buf[p.line:])
	p.line -= gap
	p.scanned -= gap
	return buf[:p.line+n]
}
