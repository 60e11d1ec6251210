package httpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// An Exchange is one request and its response, apart from the connection. An
// engine keeps one for each request that it is working on, and uses it again:
//
//	err := exchange.Answer(ctx, handler, parser.Request(), peer) // or Refuse
//	out, framing, err := exchange.Append(out, date, false)
//	if content, length := exchange.Stream(); content != nil { … } // is still to be sent
//	exchange.Reset()
//
// The zero value is not ready: call Reset first. An Exchange does no I/O, and
// belongs to one goroutine at a time.
type Exchange struct {
	Request  Request
	Response ResponseWriter

	close bool // the response must be the last one
	heads http1.HeadCache
}

// Reset makes the Exchange ready for the next request, and closes what is left of this one.
func (x *Exchange) Reset() {
	x.Request.reset()
	x.Response.reset()
	x.close = false
}

// Answer lets handler answer a request. The Exchange refers to parsed until Reset.
//
// If the handler panics, the response is a 500, and the error is a [*PanicError], to
// be logged. If it panics with [tcp.ErrAbortHandler], that is the error, and there is no
// response: the connection must be closed after those of the requests before.
func (x *Exchange) Answer(ctx context.Context, handler Handler, parsed *http1.Request, peer net.Addr) (err error) {
	x.Request.Request, x.Request.ctx, x.Request.peer = parsed, ctx, peer
	x.Request.route = noRoute
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case tcp.ErrAbortHandler:
			x.Response.reset()
			err = tcp.ErrAbortHandler
		default:
			Error(&x.Response, 500, "")
			x.close = true // who knows what the handler has left behind
			err = &PanicError{Value: cause, Stack: debug.Stack()}
		}
	}()
	handler.ServeHTTP(&x.Response, &x.Request)
	return nil
}

// RefuseHead lets handler refuse a request whose body has not arrived; see [HeadHandler]. It
// reports whether there is a response now, which is the last one: the body is in its way.
// The error is that of Answer.
func (x *Exchange) RefuseHead(ctx context.Context, handler Handler, parsed *http1.Request, peer net.Addr) (refused bool, err error) {
	asks, ok := handler.(HeadHandler)
	if !ok {
		return false, nil
	}
	err = x.Answer(ctx, HandlerFunc(func(w *ResponseWriter, r *Request) {
		refused = asks.RefuseHead(w, r)
	}), parsed, peer)
	if refused = refused || err != nil; refused {
		x.close = true
	} else {
		x.Reset()
	}
	return refused, err
}

// Refuse answers a request that was not understood. parsed is what is known of it.
// The response is the last one.
func (x *Exchange) Refuse(refusal *http1.Error, parsed *http1.Request) {
	x.Request.Request, x.Request.route = parsed, notAccepted
	Error(&x.Response, refusal.Status, refusal.Message+" ("+refusal.Rule+")")
	x.close = true
}

// Append appends the response to dst: the head, and the content unless it is a
// stream. last makes it the last one of its connection. date is the time,
// in [http1.TimeFormat].
//
// If the handler has set something that can't be sent, Append appends a 500
// instead, with an error to be logged.
func (x *Exchange) Append(dst []byte, date string, last bool) ([]byte, http1.Framing, error) {
	w := &x.Response
	before := len(dst)
	head := http1.ResponseHead{
		Status: w.status, Header: w.header, Length: w.Length(),
		Date: date, Close: last || x.close, Cache: &x.heads,
	}
	dst, framing, err := head.Append(dst, x.Request.Request)
	if framing.Content == http1.OtherProtocol && w.takeover == nil {
		dst, err = dst[:before], errNoTakeover
	}
	if err != nil {
		Error(w, 500, "")
		head.Status, head.Header, head.Length = w.status, w.header, w.Length()
		dst, framing, _ = head.Append(dst, x.Request.Request) // can't fail: it's our own
	}
	switch framing.Content {
	case http1.PlainContent:
		dst = append(dst, w.content...)
	case http1.OtherProtocol:
		w.closeStream() // it would be taken for the other protocol's first bytes
	}
	return dst, framing, err
}

var errNoTakeover = errors.New("httpd: a response with status 101 needs Hijack")

// Stream returns the content that is not in what Append appended, and its length, or
// [http1.UnknownLength]. It is nil if there is none. The engine sends what each Read
// returns before it reads again, as Append's framing says; Reset closes it.
func (x *Exchange) Stream() (content io.Reader, length int64) {
	if x.Response.stream == nil {
		return nil, 0
	}
	return x.Response.stream, x.Response.streamLength
}

// vanished ends what still works for a client that is no more. Unlike the other methods
// it may be called while a Read of the stream waits.
func (x *Exchange) vanished() {
	x.Request.end()
	_ = x.Response.stream.Close() // it was for reading: nothing can be lost
}

// Takeover returns who continues the connection when the response has been sent; it
// is for a response whose framing is [http1.OtherProtocol].
func (x *Exchange) Takeover() Takeover { return x.Response.takeover }

// A PanicError says that a handler panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // where
}

func (e *PanicError) Error() string { return fmt.Sprintf("httpd: a handler panicked: %v", e.Value) }
