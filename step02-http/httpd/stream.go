package httpd

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"example.com/async/step02-http/http1"
)

// How much of a stream is read at once. One that doesn't know its end may be a
// thousand clients waiting for events: each of them should be cheap.
const (
	filePiece  = 32 << 10
	eventPiece = 4 << 10
)

// sendStream sends the content that the handler left as a stream. What one Read
// returns is sent before the next one, because that may take its time: a stream of
// events has to arrive as they happen.
func (c *conn) sendStream(framing http1.Framing) error {
	content, length := c.Stream(framing)
	if content == nil {
		return nil
	}
	if length != http1.UnknownLength {
		return c.copyStream(content, length, framing)
	}
	// The first Read may wait, too: the head, and the responses before it, must not.
	if err := c.flush(); err != nil {
		return err
	}
	w := startWatch(c.net, c.Vanished)
	err := c.copyStream(content, length, framing)
	c.early = w.stop()
	c.read.disarm() // the watch has set deadlines of its own
	return err
}

// copyStream sends the content, whose head is in c.out already.
func (c *conn) copyStream(content io.Reader, left int64, framing http1.Framing) error {
	piece := make([]byte, eventPiece)
	if left > eventPiece {
		piece = make([]byte, min(left, filePiece))
	}
	for left != 0 {
		if left > 0 && left < int64(len(piece)) {
			piece = piece[:left]
		}
		n, err := c.ReadPiece(content, piece)
		c.AppendPiece(piece[:n], framing)
		if left > 0 {
			left -= int64(n)
		}
		switch {
		case err == io.EOF && left <= 0:
			left = 0
		case err != nil && left != 0: // the head has promised more
			return errors.Join(fmt.Errorf("httpd: the content of a response ended early: %w", err), c.flush())
		case left != 0:
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	c.EndStream(framing)
	return nil
}

// Stream returns the content that must still be sent after Respond, and its length, or
// [http1.UnknownLength]; nil if there is none. See [Exchange.Stream].
func (w *Workplace) Stream(framing http1.Framing) (content io.Reader, length int64) {
	if framing.Content == http1.NoContent {
		return nil, 0
	}
	return w.exchange.Stream()
}

// ReadPiece reads a piece of a Stream, as content.Read does. That may be a handler's own code, so a
// panic is an error, which is logged. Unlike the other methods it may be called on another
// goroutine, while none of them is but Vanished: it blocks as long as the content likes.
func (w *Workplace) ReadPiece(content io.Reader, p []byte) (n int, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			n, err = 0, &PanicError{Value: cause, Stack: debug.Stack()}
			_ = w.logPanic(err)
		}
	}()
	return content.Read(p)
}

// AppendPiece puts a piece of a Stream behind what waits to be sent.
func (w *Workplace) AppendPiece(piece []byte, framing http1.Framing) {
	w.streamed += int64(len(piece))
	if framing.Content == http1.ChunkedContent {
		w.out = http1.AppendChunk(w.out, piece)
	} else {
		w.out = append(w.out, piece...)
	}
}

// EndStream puts what ends a Stream behind its last piece.
func (w *Workplace) EndStream(framing http1.Framing) {
	if framing.Content == http1.ChunkedContent {
		w.out = append(w.out, http1.LastChunk...)
	}
}

// Vanished ends what still works for a client that is no more: a Stream that waits in Read, and
// the context of the request. There must be a Stream. If its Close panics, that is logged:
// on the goroutine of a watch nobody else would recover, and the process would end.
func (w *Workplace) Vanished() {
	defer func() {
		if cause := recover(); cause != nil {
			_ = w.logPanic(&PanicError{Value: cause, Stack: debug.Stack()})
		}
	}()
	w.exchange.vanished()
}
