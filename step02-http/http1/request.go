package http1

import "iter"

// A Request is one request that a [Parser] has found.
//
// Its methods return views of the engine's buffer: slices that are right until the
// engine goes on to the next request, and hold other bytes after that. What must
// live longer has to be copied: string(r.Path()) is a copy, bytes.Clone another.
// The price of a copy each time would be most of the price of parsing.
type Request struct {
	// Method is one of the Method constants. It may be kept.
	Method string
	// HTTP10 is true if the client speaks HTTP/1.0, false for HTTP/1.1.
	HTTP10 bool
	// KeepAlive is true if the client will use the connection again (RFC 9112 section 9.3).
	KeepAlive bool
	// ExpectsContinue is true if the client waits for "100 Continue" before it
	// sends the body (RFC 9110 section 10.1.1).
	ExpectsContinue bool

	buf    []byte
	fields []fieldSpan // header, then trailers
	parts
}

// parts are where the parts of a request lie in the buffer.
type parts struct {
	target       span
	authority    span // of an absolute-form target, or of the Host field
	path, query  span
	headerAt     int // where the header begins
	trailersFrom int // index of the first trailer among the fields
	body         span
}

// forget makes r a request of which nothing is known. What holds no pointers is
// cleared apart: clearing all at once would tell the collector about each pointer,
// and httpd's BenchmarkEngine/hello took 230 ns instead of 224.
func (r *Request) forget() {
	r.Method, r.HTTP10, r.KeepAlive, r.ExpectsContinue = "", false, false, false
	r.buf, r.fields = nil, r.fields[:0]
	r.parts = parts{}
}

// Target returns the target as the client sent it (RFC 9112 section 3.2).
func (r *Request) Target() []byte { return r.target.of(r.buf) }

// Path returns the path of the target, still percent-encoded: what is decoded can't
// be split at the slashes any more, because %2F is no slash. It begins with a
// slash; or it is "*", if that was the target.
func (r *Request) Path() []byte {
	if r.path.len() == 0 {
		return []byte{'/'} // http://host means http://host/ (RFC 9110 section 4.2.3)
	}
	return r.path.of(r.buf)
}

// Query returns what follows the question mark of the target, still percent-encoded.
func (r *Request) Query() []byte { return r.query.of(r.buf) }

// Host returns the host, and the port if there is one, that the request is for:
// from the target if it was an absolute URI, otherwise from the Host field.
// It is empty if a client of HTTP/1.0 named none.
func (r *Request) Host() []byte {
	if r.authority.len() > 0 {
		return r.authority.of(r.buf)
	}
	return r.Field("Host")
}

// Field returns the value of the first header field of that name, without regard
// to case, or nil if there is none.
func (r *Request) Field(name string) []byte {
	lines := r.buf[r.headerAt:]
	for _, field := range r.header() {
		if equalFold(field.name.of(lines), name) {
			return field.value.of(lines)
		}
	}
	return nil
}

// hasToken reports whether a header field of that name lists token, as in "Connection: close".
// Several fields of a name are one list (RFC 9110 section 5.3).
func (r *Request) hasToken(name, token string) bool {
	for n, value := range r.Fields() {
		if !equalFold(n, name) {
			continue
		}
		for element := range elements(value) {
			if equalFold(element, token) {
				return true
			}
		}
	}
	return false
}

// Fields yields the header's names and values in the order in which they came.
func (r *Request) Fields() iter.Seq2[[]byte, []byte] { return r.each(r.header()) }

// Trailers yields the fields that followed a chunked body. They are kept apart
// from the header, and nothing that matters to this package is taken from them.
func (r *Request) Trailers() iter.Seq2[[]byte, []byte] { return r.each(r.fields[r.trailersFrom:]) }

// Body returns the content, decoded if it came in chunks.
func (r *Request) Body() []byte { return r.body.of(r.buf) }

func (r *Request) header() []fieldSpan { return r.fields[:r.trailersFrom] }

func (r *Request) each(fields []fieldSpan) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		lines := r.buf[r.headerAt:]
		for _, field := range fields {
			if !yield(field.name.of(lines), field.value.of(lines)) {
				return
			}
		}
	}
}

// noteHead is called when the head is complete and ends at end.
func (r *Request) noteHead(end int) {
	r.trailersFrom = len(r.fields)
	r.body = span{end, end}
}
