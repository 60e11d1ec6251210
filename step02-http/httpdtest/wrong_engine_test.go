package httpdtest

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// A fault is what is wrong with a shortEngine. The zero value is nothing.
type fault struct {
	oneRead         bool // believes that one Read returns one request, whole
	continuesAlways bool // says 100 Continue before it looks at the request
	dropsRest       bool // throws away what follows a request
	flushesEach     bool // writes after each response
	dropsResponses  bool // an error makes it forget the responses that wait
	answersAll      bool // goes on after Connection: close
	looksForEnd     bool // takes the end of the requests for the end of the client
	endIsEnough     bool // takes the end of the stream for the end of the request
	closesAtOnce    bool // does not wait until the client has read an error
	trustsClose     bool // does not wait for a client that has asked for the end
	keepsHTTP10     bool // keeps the connection of every client of HTTP/1.0
}

// faulty is a server that runs a shortEngine with a fault.
func faulty(f fault) Subject {
	return wrong(func(s *httpd.Server) ServeFunc {
		return func(ctx context.Context, listener net.Listener) error {
			server := &tcp.Server{Logger: s.Logger, DrainTimeout: time.Second, Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
				e := shortEngine{fault: f, conn: conn, handler: s.Handler, parser: http1.NewParser(s.Limits)}
				e.exchange.Reset()
				return e.serve(ctx)
			})}
			return server.Serve(ctx, listener)
		}
	})
}

// A shortEngine is httpd's loop without its time limits, and with a place for faults.
type shortEngine struct {
	fault    fault
	conn     net.Conn
	handler  httpd.Handler
	parser   *http1.Parser
	exchange httpd.Exchange
	in, out  []byte
}

func (e *shortEngine) serve(ctx context.Context) error {
	for {
		rest, complete, err := e.parser.Parse(e.in)
		e.in = rest
		var refusal *http1.Error
		switch {
		case errors.As(err, &refusal):
			return e.refuse(refusal)
		case complete:
			last := e.answer(ctx)
			switch {
			case last && e.fault.trustsClose:
				return e.flush()
			case last && !e.fault.answersAll:
				return e.finish()
			}
			continue
		case e.fault.oneRead && len(e.in) > 0:
			return e.refuse(http1.ErrIncomplete)
		case e.fault.looksForEnd && len(e.out) > 0 && e.clientHasFinished():
			return nil
		}
		if err := e.flush(); err != nil {
			return err
		}
		switch err := e.readMore(); {
		case err == io.EOF && e.parser.State() == http1.Start:
			return nil
		case err == io.EOF && e.fault.endIsEnough:
			e.in = append(e.in, "\r\n"...)
		case err == io.EOF:
			return e.refuse(http1.ErrIncomplete)
		case err != nil:
			return err
		}
	}
}

func (e *shortEngine) answer(ctx context.Context) (last bool) {
	parsed := e.parser.Request()
	if e.fault.keepsHTTP10 {
		parsed.KeepAlive = parsed.KeepAlive || parsed.HTTP10
	}
	_ = e.exchange.Answer(ctx, e.handler, parsed, e.conn.RemoteAddr()) // a panic has become a 500
	last = e.respond()
	e.in = e.in[e.parser.Len():]
	if e.fault.dropsRest {
		e.in = nil
	}
	e.parser.Next()
	if e.fault.flushesEach {
		e.flush()
	}
	return last
}

// respond knows no streams: the cases that are for short engines need none.
func (e *shortEngine) respond() (last bool) {
	out, framing, _ := e.exchange.Append(e.out, httpd.Date(time.Now()), false)
	e.out = out
	e.exchange.Reset()
	return framing.Close
}

func (e *shortEngine) refuse(refusal *http1.Error) error {
	if e.fault.dropsResponses {
		e.out = nil
	}
	e.exchange.Refuse(refusal, e.parser.Request())
	e.respond()
	return e.finish()
}

// finish lets the client read what it was sent, before the connection is closed.
func (e *shortEngine) finish() error {
	if err := e.flush(); err != nil || e.fault.closesAtOnce {
		return err
	}
	if err := tcp.CloseWrite(e.conn); err != nil {
		return err
	}
	e.conn.SetReadDeadline(time.Now().Add(time.Second))
	_, err := io.CopyN(io.Discard, e.conn, 256<<10)
	return err
}

func (e *shortEngine) flush() error {
	if len(e.out) == 0 {
		return nil
	}
	_, err := e.conn.Write(e.out)
	e.out = e.out[:0]
	return err
}

func (e *shortEngine) readMore() error {
	if request := e.parser.Request(); request.ExpectsContinue && e.parser.State().InBody() {
		io.WriteString(e.conn, http1.Continue)
		request.ExpectsContinue = false
	}
	piece := make([]byte, 64<<10)
	n, err := e.conn.Read(piece)
	e.in = append(e.in, piece[:n]...)
	if n == 0 {
		return err
	}
	if e.fault.continuesAlways && strings.Contains(string(e.in), "Expect: 100-continue") {
		io.WriteString(e.conn, http1.Continue)
	}
	return nil
}

// clientHasFinished looks for the end of the stream. It may find the next request instead.
func (e *shortEngine) clientHasFinished() bool {
	e.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	defer e.conn.SetReadDeadline(time.Time{})
	return e.readMore() == io.EOF
}
