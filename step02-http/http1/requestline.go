package http1

import "bytes"

// The methods that this package knows: those of RFC 9110 section 9 but CONNECT,
// which is for proxies, and PATCH (RFC 5789).
const (
	MethodGet     = "GET"
	MethodHead    = "HEAD"
	MethodPost    = "POST"
	MethodPut     = "PUT"
	MethodDelete  = "DELETE"
	MethodPatch   = "PATCH"
	MethodOptions = "OPTIONS"
	MethodTrace   = "TRACE"
)

// parseRequestLine understands "GET /path HTTP/1.1": three parts with exactly
// one space between them. Being lenient about spaces lets two servers in a row
// see two different requests (RFC 9112 section 11.2), so nothing else is accepted.
func (p *Parser) parseRequestLine(buf []byte) bool {
	begin := p.line
	line, ok, tooLong := p.nextLine(buf, p.limits.RequestLine+len("\r\n"))
	switch {
	case tooLong:
		return p.fail(errRequestLong)
	case !ok:
		return false
	}
	if line = cutCR(line); len(line) > p.limits.RequestLine { // by the byte of a CR that was not there
		return p.fail(errRequestLong)
	}
	first := bytes.IndexByte(line, ' ')
	last := len(line) - len(" HTTP/1.1") // where it is, unless the version is wrong
	if last < 0 || line[last] != ' ' {
		last = bytes.LastIndexByte(line, ' ')
	}
	if first <= 0 || last <= first+1 || last == len(line)-1 { // a space between them is found in the target
		return p.fail(errRequestLine)
	}
	// The version comes first: what "PRI" means is for those who speak HTTP/2.
	if err := p.req.setVersion(line[last+1:]); err != nil {
		return p.fail(err)
	}
	if err := p.req.setMethod(line[:first]); err != nil {
		return p.fail(err)
	}
	if err := p.req.setTarget(line[first+1:last], begin+first+1); err != nil {
		return p.fail(err)
	}
	p.req.headerAt = p.line
	p.state = HeaderFields
	return true
}

// setMethod makes the method one of the constants, so that it never points into
// the buffer, and comparing it is cheap.
func (r *Request) setMethod(method []byte) *Error {
	switch string(method) { // no copy is made: the compiler knows this form
	case MethodGet:
		r.Method = MethodGet
	case MethodHead:
		r.Method = MethodHead
	case MethodPost:
		r.Method = MethodPost
	case MethodPut:
		r.Method = MethodPut
	case MethodDelete:
		r.Method = MethodDelete
	case MethodPatch:
		r.Method = MethodPatch
	case MethodOptions:
		r.Method = MethodOptions
	case MethodTrace:
		r.Method = MethodTrace
	default:
		if len(method) == 0 || !holdsOnly(method, &tokenChars) {
			return errMethodToken
		}
		return errMethodUnknown
	}
	return nil
}

// setVersion understands "HTTP/1.1". A higher minor version means 1.1, for that
// is what a client of HTTP/1.2 must be able to speak too (RFC 9110 section 2.5).
func (r *Request) setVersion(version []byte) *Error {
	const prefix = "HTTP/"
	if string(version) == "HTTP/1.1" { // almost every request: eight bytes are one comparison
		r.HTTP10 = false
		return nil
	}
	if len(version) != len("HTTP/1.1") || string(version[:len(prefix)]) != prefix {
		return errVersion
	}
	major, dot, minor := version[5], version[6], version[7]
	switch {
	case !digitChars[major] || dot != '.' || !digitChars[minor]:
		return errVersion
	case major != '1':
		return errVersionMajor
	}
	r.HTTP10 = minor == '0'
	return nil
}
