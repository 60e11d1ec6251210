package http1

import "bytes"

// A lastHeader remembers the last header and what was found in it. Many clients send the same header
// again, byte for byte, perhaps under another request line: then comparing is enough. A
// browser's request costs a sixth of the instructions then, a short one half of them: compare BenchmarkParser
// with BenchmarkParserOtherHeader, which pays up to a sixth for remembering in vain. HTTP/2
// goes further, and doesn't send an equal header again (RFC 7541).
//
// Only equal bytes are believed, so a Parser finds the same with it as without, and it does no harm
// that the last header may have been another client's. The zero value is ready.
type lastHeader struct {
	text   []byte // with the empty line at its end; nothing if there is none
	fields []fieldSpan
	notes  headNotes
}

// maxRemembered is how long the text may be, so that one large header isn't held for good.
const maxRemembered = 1 << 10

// recallHeader reports whether the header is the last one again, and has arrived. Then all of it is parsed.
func (p *Parser) recallHeader(buf []byte) bool {
	last := &p.last
	if len(last.text) == 0 || p.req.HTTP10 || !bytes.HasPrefix(buf[p.line:], last.text) {
		return false
	}
	p.req.fields = append(p.req.fields, last.fields...)
	p.notes = last.notes
	p.line += len(last.text)
	p.scanned = p.line
	return true
}

// rememberHeader keeps the header, which has been parsed up to its end. One of HTTP/1.0 would have
// to be kept apart: the same bytes mean something else there.
func (p *Parser) rememberHeader(buf []byte) {
	text := buf[p.req.headerAt:p.line]
	if p.req.HTTP10 || len(text) > maxRemembered {
		return
	}
	last := &p.last
	last.text = append(last.text[:0], text...)
	last.fields = append(last.fields[:0], p.req.fields...)
	last.notes = p.notes
}
