// Package parser is the moving picture of step 2: a request, byte by byte.
//
// The reader types the bytes that a client sends, or takes an example. [Follow] gives them one by
// one to the engine of step 2, without a network: the same parser, the same routes, the same
// responses as go run ./step02-http. It notes the parser's state after each byte, and what the server
// sends. The page only moves a cursor through these notes. [Register] is the way from the
// page to Follow; parser.js is the page.
package parser

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/site"
)

const (
	// MaxBytes is how many bytes can be followed: several times what the limits let one request have.
	MaxBytes = 8 << 10
	// mostReplies is how many responses are noted. They are longer than the requests, and after
	// three everybody has seen what pipelining is.
	mostReplies = 32
)

// limits are smaller than those of step 2's program, so that a person can reach them by hand.
var limits = http1.Limits{RequestLine: 256, Header: 1 << 10, Fields: 20, Body: 1 << 10}

// A Trace is what the server does with some bytes.
type Trace struct {
	// States has the parser's states in their order. The parser is in the first one when it has seen nothing.
	States []Run `json:"states"`
	// Replies is what the server sends.
	Replies []Reply `json:"replies"`
	// Read is how many bytes the server has looked at. It leaves the others alone once it has sent its last response.
	Read int `json:"read"`
}

// A Run is a stretch of bytes after each of which the parser is in one state.
type Run struct {
	// Request counts the requests of the connection, from 1.
	Request int `json:"request"`
	// State is the name of an [http1.State].
	State string `json:"state"`
	// To is the number of bytes that the parser has seen at the end of the run.
	To int `json:"to"`
}

// A Reply is what the server sends after a byte.
type Reply struct {
	// At is how many bytes the parser has seen then.
	At int `json:"at"`
	// Status is 100 for the interim response.
	Status int `json:"status"`
	// Text is what is sent, each byte as the character of that number.
	Text string `json:"text"`
	// Message and Rule say which rule the request breaks. They are empty if it breaks none.
	Message string `json:"message,omitempty"`
	Rule    string `json:"rule,omitempty"`
	// Close says that the connection ends with this response.
	Close bool `json:"close,omitempty"`
	// Cut says that the response would go on, and takes too long to be shown: a stream.
	Cut bool `json:"cut,omitempty"`
}

// newServer returns a server of step 2's site. It never sees a network.
func newServer() *httpd.Server {
	stats := new(httpd.Stats)
	return &httpd.Server{Handler: site.Routes(stats), Limits: limits, Stats: stats, Logger: slog.New(slog.DiscardHandler)}
}

// Follow lets a server see input byte by byte, as one connection that stays open.
func Follow(ctx context.Context, server *httpd.Server, input []byte) Trace {
	f := &follower{Workplace: server.TakeWorkplace(ctx, nil), request: 1, trace: Trace{Replies: []Reply{}}}
	defer server.GiveBack(f.Workplace)
	f.note()
	for _, b := range input {
		f.Room()[0] = b
		f.Received(1)
		f.trace.Read++
		if f.step(); f.closed || len(f.trace.Replies) == mostReplies {
			break
		}
	}
	return f.trace
}

// A follower is one connection and what is noted of it.
type follower struct {
	*httpd.Workplace
	trace   Trace
	request int  // which one arrives
	inBody  bool // and its head has been looked at
	closed  bool // by the server
}

// step does what step 2's engine does when a byte has come: see its conn.serve.
func (f *follower) step() {
	complete, err := f.Parse()
	f.note()
	switch {
	case err != nil:
		refusal := err.(*http1.Error)
		f.Refuse(refusal)
		f.reply(Reply{Message: refusal.Message, Rule: refusal.Rule})
	case complete:
		_ = f.Answer() // no handler of the site gives up a connection
		f.reply(Reply{})
		f.request, f.inBody = f.request+1, false
	case !f.inBody && f.State().InBody():
		f.inBody = true
		refused, _ := f.ExpectBody()
		if refused {
			f.reply(Reply{})
		} else if interim := f.sent(); interim != "" {
			f.trace.Replies = append(f.trace.Replies, Reply{At: f.trace.Read, Status: 100, Text: interim})
		}
	}
}

// note notes the state that the parser is in now.
func (f *follower) note() {
	now := Run{f.request, f.State().String(), f.trace.Read}
	if last := len(f.trace.States) - 1; last >= 0 && f.trace.States[last].Request == now.Request && f.trace.States[last].State == now.State {
		f.trace.States[last].To = now.To
		return
	}
	f.trace.States = append(f.trace.States, now)
}

// reply sends the response. Of a stream it takes the first piece: the next may come in a second, or never.
func (f *follower) reply(r Reply) {
	framing := f.Respond(false)
	if content, _ := f.Stream(framing); content != nil {
		piece := make([]byte, 1<<10)
		n, err := f.ReadPiece(content, piece)
		f.AppendPiece(piece[:n], framing)
		if r.Cut = !errors.Is(err, io.EOF); !r.Cut {
			f.EndStream(framing)
		}
	}
	f.Finish(framing)
	r.At, r.Text, r.Close = f.trace.Read, f.sent(), framing.Close
	r.Status = statusOf(r.Text)
	f.closed = r.Close || r.Cut
	f.trace.Replies = append(f.trace.Replies, r)
}

// sent takes what the server wants to send.
func (f *follower) sent() string {
	unsent := f.Unsent()
	text := make([]rune, len(unsent))
	for i, b := range unsent {
		text[i] = rune(b)
	}
	f.Sent(len(unsent))
	return string(text)
}

// statusOf reads the status from "HTTP/1.1 200 OK".
func statusOf(response string) int {
	const at = len("HTTP/1.1 ")
	status := 0
	for _, digit := range response[at : at+3] {
		status = status*10 + int(digit-'0')
	}
	return status
}
