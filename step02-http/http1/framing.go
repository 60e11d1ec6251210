package http1

import (
	"bytes"
	"iter"
	"math"
)

// headNotes are what the few fields say that decide where the request ends, and what
// becomes of the connection. Everything that lets two servers disagree about
// the end of a request is an error: such a request could smuggle a second one
// past the first server (RFC 9112 section 11.2).
type headNotes struct {
	hosts   int
	lengths int
	length  int // of Content-Length

	coded        bool // there was a Transfer-Encoding
	chunked      bool // the last coding so far is chunked
	otherCodings bool

	expect      bool // 100-continue
	expectOther bool
	close       bool
	keepAlive   bool
}

// note looks at one field of the header. The length of the name tells almost all
// other fields apart, at no cost.
func (n *headNotes) note(name, value []byte, http10 bool) *Error {
	switch len(name) {
	case len("Host"):
		if equalFold(name, "Host") {
			return n.noteHost(value)
		}
	case len("Expect"):
		if equalFold(name, "Expect") {
			n.noteExpect(value)
		}
	case len("Connection"):
		if equalFold(name, "Connection") {
			n.noteConnection(value)
		}
	case len("Content-Length"):
		if equalFold(name, "Content-Length") {
			return n.noteLength(value)
		}
	case len("Transfer-Encoding"):
		if equalFold(name, "Transfer-Encoding") {
			return n.noteCodings(value, http10)
		}
	}
	return nil
}

func (n *headNotes) noteHost(value []byte) *Error {
	if n.hosts++; n.hosts > 1 {
		return errHostTwice
	}
	if !validHost(value) {
		return errHostInvalid
	}
	return nil
}

func (n *headNotes) noteExpect(value []byte) {
	for element := range elements(value) {
		if equalFold(element, "100-continue") {
			n.expect = true
		} else {
			n.expectOther = true
		}
	}
}

func (n *headNotes) noteConnection(value []byte) {
	for element := range elements(value) {
		switch {
		case equalFold(element, "close"):
			n.close = true
		case equalFold(element, "keep-alive"):
			n.keepAlive = true
		}
	}
}

// noteLength understands 1*DIGIT and nothing else: no sign, no hex, no list.
// strconv.Atoi would accept "+5" and "-1", and other servers read those differently.
func (n *headNotes) noteLength(value []byte) *Error {
	if n.lengths++; n.lengths > 1 {
		return errLengthTwice
	}
	if len(value) == 0 || !holdsOnly(value, &digitChars) {
		return errLengthInvalid
	}
	for _, digit := range value {
		value := int(digit - '0')
		if n.length > (math.MaxInt-value)/10 {
			return errLengthInvalid
		}
		n.length = 10*n.length + value
	}
	return nil
}

// noteCodings understands a list of transfer codings. Several fields are one list.
func (n *headNotes) noteCodings(value []byte, http10 bool) *Error {
	if http10 {
		return errCodingOld
	}
	n.coded = true
	for element := range elements(value) {
		name, _, parameters := bytes.Cut(element, []byte(";"))
		name = trim(name)
		isChunked := equalFold(name, "chunked")
		switch {
		case len(name) == 0 || !holdsOnly(name, &tokenChars) || isChunked && parameters:
			return errCodingInvalid
		case n.chunked: // and something follows
			return errCodingOrder
		case isChunked:
			n.chunked = true
		default:
			n.otherCodings = true
		}
	}
	return nil
}

// elements yields the members of a comma-separated list. Empty ones are skipped,
// as RFC 9110 section 5.6.1.2 wants it.
func elements[text []byte | string](list text) iter.Seq[text] {
	return func(yield func(text) bool) {
		for start, i := 0, 0; i <= len(list); i++ {
			if i < len(list) && list[i] != ',' {
				continue
			}
			if element := trim(list[start:i]); len(element) > 0 && !yield(element) {
				return
			}
			start = i + 1
		}
	}
}

// endHead decides what follows the head. The order is: first what makes the
// request unclear, then what this server doesn't support, then what it doesn't want.
func (p *Parser) endHead() bool {
	n, r := &p.notes, &p.req
	r.KeepAlive = !n.close && (!r.HTTP10 || n.keepAlive)
	r.noteHead(p.line)
	switch {
	case n.hosts == 0 && !r.HTTP10:
		return p.fail(errHostMissing)
	case n.coded && n.lengths > 0:
		return p.fail(errLengthAndCoded)
	case n.coded && !n.chunked:
		return p.fail(errCodingOrder)
	case n.otherCodings:
		return p.fail(errCodingUnknown)
	case n.expectOther:
		return p.fail(errExpectation)
	case n.length > p.limits.Body:
		return p.fail(errBodyLong)
	}
	hasBody := n.chunked || n.length > 0
	// A client of HTTP/1.0 doesn't know what an interim response is.
	r.ExpectsContinue = n.expect && hasBody && !r.HTTP10
	switch {
	case n.chunked:
		p.headerBytes = p.line - p.req.headerAt
		p.chunk = chunk{}
		p.state = ChunkSize
	case hasBody:
		p.state = FixedBody
	default:
		p.state = Done
	}
	return true
}

// parseFixedBody waits for as many bytes as Content-Length announced.
func (p *Parser) parseFixedBody(buf []byte) bool {
	if len(buf)-p.line < p.notes.length {
		return false
	}
	p.line += p.notes.length
	p.req.body.end = p.line
	p.state = Done
	return true
}
