package httpfuture

import (
	"errors"
	"fmt"
	"io"

	"example.com/async/step02-http/http1"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A stream is content that comes over time. Its Read may block, so it runs on another
// goroutine, and the connection awaits what it brings: one of the runtime's pool for
// content that has a length, a file mostly; one of its own for content that has none, which
// may wait for events. Meanwhile the connection listens to its client: otherwise nobody
// would see that it has vanished before the stream speaks again.
type stream struct {
	content io.Reader
	left    int64 // bytes that must still come, or http1.UnknownLength
	framing http1.Framing

	piece   []byte
	reading future.Future[future.Result[pieceRead]] // a Read that is under way; nil: there is none

	heard    [512]byte // where the client is read to
	early    []byte    // what it has sent since the stream began
	deaf     bool      // it is not listened to any more
	vanished error     // why it has gone; nil: it is there, as far as anybody knows
}

// A pieceRead is what a Read has returned.
type pieceRead struct {
	n   int
	err error
}

// How much is read at once. A stream that doesn't know its end may be one of a thousand that
// wait for events: each of them should be cheap.
const (
	filePiece  = 32 << 10
	eventPiece = 4 << 10
)

// mostEarly is how much a client may send before it has its response. What is more is
// left to the kernel's buffers.
const mostEarly = 4 << 10

// startStreaming begins to send content, whose head waits to be sent.
func (c *conn) startStreaming(content io.Reader, length int64, framing http1.Framing) {
	size := int64(eventPiece)
	if length > eventPiece {
		size = min(length, filePiece)
	}
	c.stream = &stream{content: content, left: length, framing: framing, piece: make([]byte, size)}
	if length == http1.UnknownLength {
		c.sendThen(streaming) // the first Read may take minutes, and the head must not wait
	} else {
		c.state = streaming
	}
}

// goOnStreaming waits for the next piece, and sends it. It reports false if it must wait.
func (c *conn) goOnStreaming(cx *future.Context) (progress bool) {
	s := c.stream
	if s.left == 0 {
		c.endStream()
		return true
	}
	if s.reading == nil {
		s.read(c)
	}
	result, ready := s.reading.Poll(cx)
	if !ready {
		s.listen(c, cx)
		return false
	}
	s.reading = nil
	n, err := result.Value.n, result.Value.err
	if result.Err != nil { // the content has called runtime.Goexit
		err = result.Err
	}
	if s.vanished != nil {
		c.fail(s.vanished)
		return true
	}
	c.work.AppendPiece(s.piece[:n], s.framing)
	if s.left > 0 {
		s.left -= int64(n)
	}
	switch {
	case err == io.EOF && s.left <= 0:
		s.left = 0
	case err != nil && s.left != 0: // the head has promised more
		c.breakOff(err)
	case s.left != 0:
		c.sendThen(streaming)
	}
	return true
}

// read begins to read the next piece.
func (s *stream) read(c *conn) {
	if s.left > 0 && s.left < int64(len(s.piece)) {
		s.piece = s.piece[:s.left]
	}
	work, content, piece := c.work, s.content, s.piece
	read := func() pieceRead {
		n, err := work.ReadPiece(content, piece)
		return pieceRead{n, err}
	}
	if s.left > 0 {
		s.reading = executor.SpawnBlocking(c.engine.rt, read)
	} else {
		s.reading = startAside(c.engine.asides, read)
	}
}

// listen reads what the client sends meanwhile, and finds out that it has vanished. A FIN is no
// reason to end: a client may half-close, and wait for the rest.
func (s *stream) listen(c *conn, cx *future.Context) {
	for !s.deaf {
		n, ready, err := c.net.PollRead(cx, s.heard[:])
		s.early = append(s.early, s.heard[:n]...)
		switch {
		case !ready:
			return
		case errors.Is(err, io.EOF), len(s.early) >= mostEarly:
			s.deaf = true
		case err != nil:
			s.deaf, s.vanished = true, err
			c.work.Vanished() // so the Read that is under way ends, and the next Poll sees that
		}
	}
}

// endStream goes on behind the content.
func (c *conn) endStream() {
	s := c.stream
	c.stream = nil
	c.work.EndStream(s.framing)
	c.finishResponse(s.framing)
	// Only now, for that may move the request, and the access log still needed it.
	for early := s.early; len(early) > 0; {
		n := copy(c.work.Room(), early)
		c.work.Received(n)
		early = early[n:]
	}
}

// breakOff ends the connection in the middle of a response. What was there is still sent: the
// client sees that the end is missing, for there is no other way left to tell it.
func (c *conn) breakOff(err error) {
	c.work.Finish(c.stream.framing)
	c.stream = nil
	c.err = fmt.Errorf("httpfuture: the content of a response ended early: %w", err)
	c.sendThen(done)
}

// abandon gives up a stream. A Read that is under way ends when its content is closed. Until
// then it uses the Workplace, so that is left to the collector.
func (s *stream) abandon(c *conn) {
	if s.reading == nil {
		return
	}
	future.Cancel(s.reading)
	c.work.Vanished()
	c.work = nil
}
