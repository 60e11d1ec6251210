package httpd

import (
	"bytes"
	"context"
	"errors"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
)

// A Workplace is what a connection needs only while it has something to do: the
// buffers, the parser and the exchange. Idle connections share the Workplaces in
// the server's pool; that is most of what they would cost.
//
// Its methods are the part of an engine that does no I/O. conn, with its goroutine, calls
// them in this order, and so does step 3's engine, which has none:
//
//	w.Received(n)                 // n bytes were read to w.Room()
//	complete, err := w.Parse()    // or else Refuse, or ExpectBody, or read more
//	err = w.Answer()
//	framing := w.Respond(false)
//	...                           // AppendPiece for each piece, if there is a Stream
//	takeover := w.Finish(framing)
//	w.Sent(n)                     // n bytes of w.Unsent() were written
//
// A Workplace belongs to one connection, and to one goroutine, at a time.
type Workplace struct {
	server   *Server
	ctx      context.Context // of the connection, as is the peer
	peer     net.Addr
	in       inBuffer
	out      []byte // responses; the first sent bytes of them were sent
	sent     int
	parser   *http1.Parser
	exchange Exchange
	tally    tally
	date     string // for the responses that wait to be sent

	began    time.Time // for the access log, as is the next one
	streamed int64     // bytes of the stream that were put into out
}

// MaxUnsent is how many bytes of responses are gathered while more requests are in the
// buffer already. Then they are sent first.
const MaxUnsent = 64 << 10

// WritePiece is how much must be accepted within the write limit. One limit for all of a large
// response would cut every client with a slow line; none would let a client
// that doesn't read stay for ever.
const WritePiece = 64 << 10

// keepBuffer is the largest buffer that is kept for the next request. One large
// request must not make every Workplace large.
const keepBuffer = 64 << 10

// TakeWorkplace returns a Workplace for a connection: an empty one. GiveBack must follow. ctx ends
// when the server begins to stop; handlers see it, and the peer.
func (s *Server) TakeWorkplace(ctx context.Context, peer net.Addr) *Workplace {
	w, ok := s.workplaces.Get().(*Workplace)
	if !ok {
		w = &Workplace{server: s, parser: http1.NewParser(s.Limits), tally: tally{stats: s.Stats}}
		w.exchange.Reset()
	}
	w.ctx, w.peer = ctx, peer
	return w
}

// GiveBack ends the use of a Workplace. What was not sent is forgotten, a stream is closed.
func (s *Server) GiveBack(w *Workplace) {
	w.parser.Next()
	w.exchange.Reset()
	w.exchange.Response.forget()
	w.in.clear()
	w.addUp()
	w.ctx, w.peer = nil, nil
	w.sent = 0
	if w.out = w.out[:0]; cap(w.out) > keepBuffer {
		w.out = nil
	}
	s.workplaces.Put(w)
}

// Room returns where to read the next bytes to: 1 KiB at least. It is right until the next call
// of a method, and may move what has arrived: so not between Parse and Finish.
func (w *Workplace) Room() []byte { return w.in.room() }

// Received takes n bytes that were read to Room into use.
func (w *Workplace) Received(n int) { w.in.add(n) }

// Discard forgets what has arrived.
func (w *Workplace) Discard() { w.in.clear() }

// Empty reports whether nothing has arrived that is not answered, and nothing waits to be sent.
func (w *Workplace) Empty() bool { return len(w.in.bytes) == 0 && w.sent == len(w.out) }

// Parse goes on with the request whose bytes arrive; see [http1.Parser.Parse].
func (w *Workplace) Parse() (complete bool, err error) {
	w.in.bytes, complete, err = w.parser.Parse(w.in.bytes)
	return complete, err
}

// State returns what the request that arrives is waiting for.
func (w *Workplace) State() http1.State { return w.parser.State() }

// Answer lets the server's handler answer the complete request. The error is
// [tcp.ErrAbortHandler] or nil: then there is a response. A panic is logged.
func (w *Workplace) Answer() error {
	w.startClock()
	return w.logPanic(w.exchange.Answer(w.ctx, w.server.Handler, w.parser.Request(), w.peer))
}

// ExpectBody is called when the head is complete and the body is not. It answers "Expect:
// 100-continue" (RFC 9110 section 10.1.1), unless the handler refuses the request by its head:
// then there is a response, which is the last one. The error is that of Answer.
func (w *Workplace) ExpectBody() (refused bool, err error) {
	if !w.parser.Request().ExpectsContinue {
		return false, nil
	}
	w.startClock()
	refused, err = w.exchange.RefuseHead(w.ctx, w.server.Handler, w.parser.Request(), w.peer)
	if !refused {
		w.out = append(w.out, http1.Continue...)
	}
	return refused, w.logPanic(err)
}

// Refuse makes a response for a request that is wrong or incomplete: the last one.
func (w *Workplace) Refuse(refusal *http1.Error) {
	// The bytes may have been moved since the Parser has seen them last, so that
	// what is known of the request would be looked for in the wrong place.
	_, _ = w.Parse()
	w.startClock()
	w.exchange.Refuse(refusal, w.parser.Request())
}

// Respond puts the response behind those that wait to be sent: all of it, or the head if there is
// a Stream. last makes it the last one. A response that can't be sent becomes a 500, and is logged.
func (w *Workplace) Respond(last bool) http1.Framing {
	if len(w.out) == 0 {
		// Once for all responses that leave in one write, see BenchmarkEngine.
		w.date = Date(time.Now())
	}
	x := &w.exchange
	out, framing, err := x.Append(w.out, w.date, last)
	w.out = out
	if err != nil {
		w.server.logger().Error("httpd: a response could not be sent", "peer", w.peer, "err", err)
	}
	w.tally.responded(x.Request.route, x.Response.status)
	w.streamed = 0
	return framing
}

// Finish ends the exchange when its response is complete in what waits to be sent, and logs the
// access. The next request can be parsed then. If the connection is to be taken over, by a
// framing of [http1.OtherProtocol], it returns by whom.
func (w *Workplace) Finish(framing http1.Framing) Takeover {
	if w.server.AccessLog != nil {
		w.logAccess(framing)
	}
	takeover := w.exchange.Takeover()
	w.exchange.Reset()
	if w.parser.State() == http1.Done {
		w.in.drop(w.parser.Len())
		w.parser.Next()
	}
	return takeover
}

// Buffered returns a copy of the bytes that have arrived behind the last request.
func (w *Workplace) Buffered() []byte { return bytes.Clone(w.in.bytes) }

// Unsent returns what is to be sent.
func (w *Workplace) Unsent() []byte { return w.out[w.sent:] }

// Sent says that the first n bytes of Unsent were sent.
func (w *Workplace) Sent(n int) {
	w.tally.written += int64(n)
	if w.sent += n; w.sent == len(w.out) {
		w.out, w.sent = w.out[:0], 0
		w.addUp()
	}
}

// addUp adds to the Stats what was counted here.
func (w *Workplace) addUp() {
	w.tally.read += w.in.received
	w.in.received = 0
	w.tally.addUp()
}

func (w *Workplace) startClock() {
	if w.server.AccessLog != nil {
		w.began = time.Now()
	}
}

// logPanic logs err if it is a handler's panic. It returns err if it is that there is no response.
func (w *Workplace) logPanic(err error) error {
	if err == nil || err == tcp.ErrAbortHandler {
		return err // the usual case; what follows allocates
	}
	var panicked *PanicError
	if errors.As(err, &panicked) {
		w.server.logger().Error("httpd: a handler panicked", "peer", w.peer,
			"panic", panicked.Value, "stack", string(panicked.Stack))
	}
	return nil
}
