package web

import (
	"bytes"
	"io"

	"github.com/gobwas/ws"

	"example.com/async/step04-chat/chat/lines"
)

// An incoming is the frame that comes at the moment. What a header promises costs no memory: only
// what has come does.
type incoming struct {
	head   [ws.MaxHeaderSize]byte
	headed int // how many bytes of the header have come

	begun   bool // the header is complete
	header  ws.Header
	came    int64  // bytes of the payload
	control []byte // what has come of a control frame's payload
}

// begin takes the frame's header out of what was kept and p, and returns what of p comes after it. fragmented
// says that it must continue a message, if it is no control frame.
//
// The error is an [*EndError], or [lines.ErrMore] if p is used up.
func (f *incoming) begin(p []byte, fragmented bool) (rest []byte, err error) {
	kept := f.headed
	f.headed += copy(f.head[kept:], p)
	source := bytes.NewReader(f.head[:f.headed])
	f.header, err = ws.ReadHeader(source)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, lines.ErrMore
	}
	rest = p[f.headed-source.Len()-kept:]
	f.headed = 0
	if err == nil {
		state := ws.StateServerSide
		if fragmented {
			state = state.Set(ws.StateFragmented)
		}
		err = ws.CheckHeader(f.header, state)
	}
	if err != nil {
		return nil, &EndError{Code: ws.StatusProtocolError, Fault: err}
	}
	f.begun, f.came = true, 0
	return rest, nil
}

// payload takes what p has of the payload, unmasked in its place, and returns what comes after it. complete reports
// whether that was the end of the frame.
func (f *incoming) payload(p []byte) (piece, rest []byte, complete bool) {
	n := min(f.header.Length-f.came, int64(len(p)))
	piece, rest = p[:n:n], p[n:]
	ws.Cipher(piece, f.header.Mask, int(f.came%4))
	f.came += n
	f.begun = f.came < f.header.Length
	return piece, rest, !f.begun
}
