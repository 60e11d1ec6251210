package http1

// A span is a piece of the buffer, by offsets. Unlike a slice it stays right
// when the engine moves the buffer.
type span struct{ start, end int }

func (s span) len() int { return s.end - s.start }

// of returns the piece itself. Appending to it never writes into what follows.
func (s span) of(buf []byte) []byte { return buf[s.start:s.end:s.end] }

// A fieldSpan is one line of the header or the trailers. Its offsets count from where the header
// begins, so that they are right for an equal header under another request line.
type fieldSpan struct{ name, value span }

// parseHeaderFields understands the lines up to the empty one. Then the head is
// complete, and its fields decide what follows.
func (p *Parser) parseHeaderFields(buf []byte) bool {
	if p.scanned == p.req.headerAt && p.recallHeader(buf) {
		return p.endHead()
	}
	for {
		begin := p.line
		line, ok, tooLong := p.nextLine(buf, p.limits.Header-(p.line-p.req.headerAt))
		switch {
		case tooLong:
			return p.fail(errHeaderLong)
		case !ok:
			return false
		}
		line = cutCR(line)
		if len(line) == 0 {
			p.rememberHeader(buf)
			return p.endHead()
		}
		name, value, err := p.parseField(line, begin-p.req.headerAt)
		if err == nil {
			err = p.notes.note(name, value, p.req.HTTP10)
		}
		if err != nil {
			return p.fail(err)
		}
	}
}

// parseField understands "Name: value" and remembers where its two parts are. begin
// is where line stands, counted from the beginning of the header.
func (p *Parser) parseField(line []byte, begin int) (name, value []byte, err *Error) {
	colon := countIn(line, &tokenChars)
	if colon == 0 || colon == len(line) || line[colon] != ':' {
		return nil, nil, p.nameError(line, colon)
	}
	value = line[colon+1:]
	for len(value) > 0 && isSpace(value[0]) {
		value = value[1:]
	}
	start := begin + len(line) - len(value)
	value = trim(value)
	if !validValueBytes(value) {
		return nil, nil, errFieldValue
	}
	if len(p.req.fields) == p.limits.Fields {
		return nil, nil, errFieldCount
	}
	p.req.fields = append(p.req.fields, fieldSpan{
		name:  span{begin, begin + colon},
		value: span{start, start + len(value)},
	})
	return line[:colon], value, nil
}

// nameError says what is wrong with a line whose name ends at end, without a colon.
func (p *Parser) nameError(line []byte, end int) *Error {
	switch {
	case end > 0 && end < len(line) && isSpace(line[end]):
		return errFieldSpace
	case end > 0 || !isSpace(line[0]):
		return errFieldName
	case len(p.req.fields) == 0:
		return errFieldFirst
	default: // obs-fold: a second line of the value above
		return errFieldFolded
	}
}
