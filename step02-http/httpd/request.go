package httpd

import (
	"context"
	"net"
	"strings"

	"example.com/async/step02-http/http1"
)

// A Request is what a handler answers: the request that http1 has parsed, and what
// the server knows besides. It is valid until the handler returns, and belongs to
// the handler's goroutine.
type Request struct {
	*http1.Request

	ctx    context.Context
	cancel context.CancelFunc // nil until somebody asks for the context
	peer   net.Addr

	route  string // the route that has matched, as in "GET /users/{id}"
	params []param
	rest   []byte
	routed bool // rest is set
}

// A param is a segment of the path that a {name} in the pattern has matched.
type param struct {
	name    string
	segment []byte // still percent-encoded
}

// Context ends when the response has been sent, or could not be sent because the client has
// vanished; and when the server begins to stop. A handler that takes long, or a stream
// that it leaves behind, should then come to an end; one that doesn't look finishes,
// unless the server's DrainTimeout is over first.
//
// A client that vanishes while its request arrives ends no context: handlers run when
// the whole body is there, so this one was never called. And a client that closes in good
// order is only known to have vanished when something is sent to it: its FIN says no more
// than that it has finished sending, and who half-closes after a request wants the response.
func (r *Request) Context() context.Context {
	if r.cancel == nil { // most handlers don't ask, and needn't pay
		r.ctx, r.cancel = context.WithCancel(r.ctx)
	}
	return r.ctx
}

// RemoteAddr returns the client's address.
func (r *Request) RemoteAddr() net.Addr { return r.peer }

// Param returns the part of the path that {name} in the pattern of the route has
// matched, percent-decoded; "" if there is no such name. It is a copy, and may be kept.
func (r *Request) Param(name string) string {
	for _, param := range r.params {
		if param.name == name {
			return string(http1.AppendDecoded(nil, param.segment))
		}
	}
	return ""
}

// Rest returns the end of the path, which {name...} in the pattern of the route has
// matched, without the slash before it. It is still percent-encoded: its segments
// can only be told apart before they are decoded. Without such a
// route it is the whole path after its first slash.
func (r *Request) Rest() []byte {
	if r.routed {
		return r.rest
	}
	return r.Path()[1:]
}

// list returns the value of a header field that is a list: several fields of a name are one
// list (RFC 9110 section 5.3).
func (r *Request) list(name string) (value string, found bool) {
	var values []string
	for n, value := range r.Fields() {
		if strings.EqualFold(string(n), name) {
			values = append(values, string(value))
		}
	}
	return strings.Join(values, ", "), values != nil
}

// reset makes r ready for the next request, and keeps its memory.
func (r *Request) reset() {
	r.end()
	clear(r.params)
	*r = Request{params: r.params[:0]}
}

// end ends the context, if there is one.
func (r *Request) end() {
	if r.cancel != nil {
		r.cancel()
	}
}
