package httpd

import (
	"context"
	"io"
	"net"
	"slices"

	"example.com/async/step02-http/http1"
)

// A ResponseWriter holds the response until the handler has returned: status,
// header and content. Then the engine sends it.
//
// The engine adds Date and what says how the response travels, Content-Length
// for example; see [http1.ResponseHead]. A header field with a line end in it, or an
// impossible status, makes the response a 500, and is logged.
type ResponseWriter struct {
	status  int
	header  http1.Header
	content []byte

	stream       io.ReadCloser // instead of content
	streamLength int64

	takeover Takeover
}

// A Takeover continues a connection in another protocol. conn has no deadlines; buffered
// are bytes of the client that have been read already, and come before those that
// conn reads. ctx ends when the server begins to stop. A Read that waits knows nothing of it: wake
// it by a deadline in the past, as [tcp.Echo] does.
//
// The server closes conn when the Takeover returns. It logs an error at debug level, and a panic.
type Takeover func(ctx context.Context, conn net.Conn, buffered []byte) error

// Status returns the status code: 200, unless SetStatus was called.
func (w *ResponseWriter) Status() int { return w.status }

// SetStatus sets the status code, which must be 200 to 999.
//
// 101 is for [ResponseWriter.Hijack].
func (w *ResponseWriter) SetStatus(status int) { w.status = status }

// Header returns the fields of the response, to be changed.
func (w *ResponseWriter) Header() *http1.Header { return &w.header }

// Write appends p to the content. It keeps no reference to p, and never fails.
func (w *ResponseWriter) Write(p []byte) (int, error) {
	w.content = append(w.content, p...)
	return len(p), nil
}

// WriteString appends s to the content. It never fails.
func (w *ResponseWriter) WriteString(s string) (int, error) {
	w.content = append(w.content, s...)
	return len(s), nil
}

// Stream makes content the content, instead of what was written. The
// engine reads it after the handler has returned, sends what each Read returns at
// once, and closes it in every case. So large content takes little memory.
//
// length is how many bytes will be sent; [http1.UnknownLength] sends all until
// io.EOF. Such a stream may wait for its next event; then its Close must end a Read
// that waits: it is called when the client resets the connection, and when a
// stopping server has waited long enough. Close may be called twice. If content ends or
// fails before its length, the connection is closed in the middle, for there is no other
// way left to tell the client.
func (w *ResponseWriter) Stream(content io.ReadCloser, length int64) {
	w.closeStream()
	w.content = w.content[:0]
	w.stream, w.streamLength = content, length
}

// Hijack makes the response a 101 (RFC 9110 section 15.2.2): when it has been sent, the engine
// calls take, on the goroutine of the connection, and is done with it. The client
// must have asked for the protocol, in Upgrade and Connection, or the response becomes a 500.
// The handler may still set fields; if it sets another status, take is not called.
func (w *ResponseWriter) Hijack(protocol string, take Takeover) {
	w.SetStatus(101)
	w.header.Set("Upgrade", protocol)
	w.takeover = take
}

// Length returns how many bytes of content there are, or [http1.UnknownLength].
func (w *ResponseWriter) Length() int64 {
	if w.stream != nil {
		return w.streamLength
	}
	return int64(len(w.content))
}

// Error makes the response an error message in plain text, instead of what was there
// before: "404 Not Found: there is nothing here". The message may be empty.
func Error(w *ResponseWriter, status int, message string) {
	w.reset()
	w.SetStatus(status)
	w.header.Set("Content-Type", "text/plain; charset=utf-8")
	w.content = appendStatus(w.content, status)
	if message != "" {
		w.content = append(w.content, ": "...)
		w.content = append(w.content, message...)
	}
	w.content = append(w.content, '\n')
}

// reset makes w an empty 200, and keeps its memory unless it has become large.
func (w *ResponseWriter) reset() {
	w.closeStream()
	w.header = w.header[:0] // what was in it is cleared by forget: here it would be 2% of a pipelined request
	w.status = 200
	w.takeover = nil
	w.content = w.content[:0]
	if cap(w.content) > keepBuffer {
		w.content = nil
	}
}

// forget clears the memory of the header, or its strings would be kept alive while nobody uses w.
func (w *ResponseWriter) forget() { clear(w.header[:cap(w.header)]) }

func (w *ResponseWriter) closeStream() {
	if stream := w.stream; stream != nil {
		w.stream = nil // first: a Close that panics is not called again
		// The content was for reading: there is nothing that closing could lose.
		_ = stream.Close()
	}
}

// appendStatus appends "404 Not Found".
func appendStatus(dst []byte, status int) []byte {
	dst = slices.Grow(dst, 64)
	dst = append(dst, byte('0'+status/100), byte('0'+status/10%10), byte('0'+status%10), ' ')
	return append(dst, http1.StatusText(status)...)
}
