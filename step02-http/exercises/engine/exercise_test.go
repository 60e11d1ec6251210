package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

var cases = lesson.Pick(httpdtest.SiteCases(),
	"keep-alive", "any-cut", "pipelining", "pipelining-one-write", "close", "pipelining-after-close", "continue",
	"half-close", "half-close-incomplete", "error-after-pipelined", "error-is-readable")

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, answer(Serve), lesson.JudgeInBubble[httpdtest.Subject])
}

type serveFunc func(conn Conn, parser *http1.Parser, site Site) error

// answer puts an engine on step 1's server.
func answer(serve serveFunc) httpdtest.Subject {
	return httpdtest.Subject{Network: lesson.Memory, New: func(settings *httpd.Server) httpdtest.Server {
		return httpdtest.ServeFunc(func(ctx context.Context, listener net.Listener) error {
			server := &tcp.Server{Logger: settings.Logger, Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
				return serve(conn.(Conn), http1.NewParser(settings.Limits), &site{handler: settings.Handler, peer: conn.RemoteAddr()})
			})}
			return server.Serve(ctx, listener)
		})
	}}
}

// A site makes responses as httpd does, from memory.
type site struct {
	handler  httpd.Handler
	peer     net.Addr
	exchange httpd.Exchange
}

func (s *site) Answer(out []byte, request *http1.Request) ([]byte, bool) {
	s.exchange.Reset()
	_ = s.exchange.Answer(context.Background(), s.handler, request, s.peer) // a panic has become a 500
	return s.append(out)
}

func (s *site) Refuse(out []byte, request *http1.Request, refusal *http1.Error) []byte {
	s.exchange.Reset()
	s.exchange.Refuse(refusal, request)
	out, _ = s.append(out)
	return out
}

func (s *site) append(out []byte) ([]byte, bool) {
	out, framing, _ := s.exchange.Append(out, httpd.Date(time.Now()), false)
	return out, framing.Close
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[httpdtest.Subject]{
		{
			Name: "answers one request", Case: "keep-alive",
			Message: "HTTP/1.1 keeps the connection open",
			Subject: wrong(fault{once: true}),
		},
		{
			Name: "parses each piece for itself", Case: "any-cut",
			Message: "the request came in two pieces",
			Subject: wrong(fault{forgetsPieces: true}),
		},
		{
			Name: "empties the buffer after each request", Case: "pipelining",
			Message: "50 requests came in one piece",
			Subject: wrong(fault{dropsRest: true}),
		},
		{
			Name: "writes after each response", Case: "pipelining-one-write",
			Message: "so many writes for 16 requests that came together",
			Subject: wrong(fault{writesEach: true}),
		},
		{
			Name: "doesn't look at last", Case: "close",
			Message: "the client has asked to close",
			Subject: wrong(fault{neverLast: true}),
		},
		{
			Name: "answers what is there before it closes", Case: "pipelining-after-close",
			Message: "nothing is answered after Connection: close",
			Subject: wrong(fault{emptiesBuffer: true}),
		},
		{
			Name: "leaves the client waiting for 100 Continue", Case: "continue",
			Message: "the client waits for 100 Continue",
			Subject: wrong(fault{noContinue: true}),
		},
		{
			Name: "gathers responses until it has read more", Case: "keep-alive",
			Message: "HTTP/1.1 keeps the connection open",
			Subject: wrong(fault{writesLate: true}),
		},
		{
			Name: "returns io.EOF wherever it comes", Case: "half-close-incomplete",
			Message: "the request has ended early",
			Subject: wrong(fault{anyEOF: true}),
		},
		{
			Name: "refuses, and forgets the responses before", Case: "error-after-pipelined",
			Message: "the first request was fine",
			Subject: wrong(fault{dropsResponses: true}),
		},
		{
			Name: "closes at once after the last response", Case: "error-is-readable",
			Message: "connection reset by peer",
			Subject: wrong(fault{closesAtOnce: true}),
		},
	}, lesson.JudgeInBubble[httpdtest.Subject])
}

// A fault is what is wrong with a loop.
type fault struct {
	once           bool
	forgetsPieces  bool
	dropsRest      bool
	writesEach     bool
	writesLate     bool
	neverLast      bool
	emptiesBuffer  bool
	noContinue     bool
	anyEOF         bool
	dropsResponses bool
	closesAtOnce   bool
}

func wrong(f fault) httpdtest.Subject {
	return answer(func(conn Conn, parser *http1.Parser, site Site) error {
		l := loop{fault: f, conn: conn, parser: parser, site: site}
		return l.serve()
	})
}

// A loop is right but for its fault.
type loop struct {
	fault   fault
	conn    Conn
	parser  *http1.Parser
	site    Site
	in, out []byte
	ends    bool // the last response is made
}

func (l *loop) serve() error {
	for {
		rest, complete, err := l.parser.Parse(l.in)
		l.in = rest
		if err != nil {
			if l.fault.dropsResponses {
				l.out = nil
			}
			return l.refuse(err.(*http1.Error))
		}
		if complete {
			l.answer()
			if l.ends && !l.fault.emptiesBuffer {
				return l.finish()
			}
			continue
		}
		if l.ends {
			return l.finish()
		}
		if !l.fault.writesLate {
			if err := l.write(); err != nil {
				return err
			}
		}
		n, err := l.read()
		switch {
		case n > 0:
		case err == io.EOF && (l.fault.anyEOF || l.parser.State() == http1.Start):
			return nil
		case err == io.EOF:
			return l.refuse(http1.ErrIncomplete)
		default:
			return err
		}
	}
}

func (l *loop) answer() {
	var last bool
	l.out, last = l.site.Answer(l.out, l.parser.Request())
	l.ends = l.ends || last && !l.fault.neverLast || l.fault.once
	l.in = l.in[l.parser.Len():]
	if l.fault.dropsRest {
		l.in = nil
	}
	l.parser.Next()
	if l.fault.writesEach {
		_ = l.write() // fails again
	}
}

func (l *loop) read() (int, error) {
	if request := l.parser.Request(); l.parser.State().InBody() && request.ExpectsContinue && !l.fault.noContinue {
		request.ExpectsContinue = false
		if _, err := io.WriteString(l.conn, http1.Continue); err != nil {
			return 0, err
		}
	}
	piece := make([]byte, 64<<10)
	n, err := l.conn.Read(piece)
	if l.fault.forgetsPieces {
		l.in = nil
		l.parser.Next()
	}
	l.in = append(l.in, piece[:n]...)
	if l.fault.writesLate && n > 0 {
		return n, errors.Join(err, l.write())
	}
	return n, err
}

func (l *loop) refuse(refusal *http1.Error) error {
	l.out = l.site.Refuse(l.out, l.parser.Request(), refusal)
	return l.finish()
}

func (l *loop) write() error {
	if len(l.out) == 0 {
		return nil
	}
	_, err := l.conn.Write(l.out)
	l.out = nil
	return err
}

func (l *loop) finish() error {
	if err := l.write(); err != nil || l.fault.closesAtOnce {
		return err
	}
	if err := l.conn.CloseWrite(); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, l.conn, 256<<10)
	return err
}
