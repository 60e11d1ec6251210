package httpd

// A Handler answers one request.
//
// ServeHTTP reads the request r, and sets the response in w. Nothing is sent before it
// returns, so it may change its mind. Both arguments, and every []byte that r gives, are
// valid until it returns: a handler that keeps something must copy it, as in
// string(r.Path()).
//
// If ServeHTTP panics, the client gets a 500, the panic is logged, and the
// connection ends; the server goes on. A panic with [tcp.ErrAbortHandler]
// closes the connection without a response and without a log line.
//
// One Handler serves many connections at the same time.
type Handler interface {
	ServeHTTP(w *ResponseWriter, r *Request)
}

// HandlerFunc makes a Handler of an ordinary function.
type HandlerFunc func(w *ResponseWriter, r *Request)

// ServeHTTP calls f.
func (f HandlerFunc) ServeHTTP(w *ResponseWriter, r *Request) { f(w, r) }

// A Middleware wraps a Handler in another one, which does something before, after or
// instead of it.
type Middleware func(Handler) Handler

// A HeadHandler is a Handler that may refuse a request by its head alone, as a [Router] does
// where it has no route. The engine asks it before it sends "100 Continue": nobody
// should send a body that is not wanted (RFC 9110 section 10.1.1). A
// Middleware that hides it only costs its clients the upload.
type HeadHandler interface {
	Handler
	// RefuseHead reports whether it refuses the request, and has set the response. r has
	// no body yet. If RefuseHead returns false, w must be as it was.
	RefuseHead(w *ResponseWriter, r *Request) bool
}
