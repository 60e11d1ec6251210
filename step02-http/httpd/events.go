package httpd

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"example.com/async/step02-http/http1"
)

// An Event is one message of a stream of server-sent events (WHATWG HTML section 9.2).
type Event struct {
	// ID is what the browser sends as Last-Event-ID when it connects again; "" is none.
	ID string
	// Name is the event's type in the browser; "" is "message".
	Name string
	// Data is any text. Its lines arrive as they are, but each line end as \n.
	Data string
}

// heartbeat is how long a stream of events may be silent. Then a comment is sent, which the
// browser ignores: only something that is sent shows that the client has vanished,
// and proxies close what is silent.
const heartbeat = 15 * time.Second

// SendEvents makes the response a stream of server-sent events. After the handler has
// returned, next is called for one event after another, on the connection's goroutine,
// and each is sent before next is called again. next may wait, but must return ctx.Err()
// when ctx ends: that happens every 15 s, and next is then called anew.
//
// The stream ends when next returns [io.EOF], and when the server stops. When the
// client vanishes, next is not called any more; the request's Context ends, so
// whoever produces events should look at that. Another error breaks the connection off.
//
// It is a small reader over [ResponseWriter.Stream], and no way to push: a handler that
// pushed would need a goroutine that waits with it, and an engine that has none,
// as step 3's will, could not run it. What is asked for the next event can be polled, too;
// and who doesn't read isn't asked for more, so there is no queue to bound.
func SendEvents(w *ResponseWriter, r *Request, next func(ctx context.Context) (Event, error)) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Stream(&eventReader{ctx: r.Context(), next: next}, http1.UnknownLength)
}

// An eventReader is the text of a stream of events.
type eventReader struct {
	ctx    context.Context
	next   func(context.Context) (Event, error)
	memory []byte
	unread []byte // of memory
}

func (e *eventReader) Read(p []byte) (int, error) {
	if len(e.unread) == 0 {
		if err := e.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, e.unread)
	e.unread = e.unread[n:]
	return n, nil
}

func (e *eventReader) fill() error {
	if e.ctx.Err() != nil {
		return io.EOF // the server stops, and the client may connect to another one
	}
	ctx, cancel := context.WithTimeout(e.ctx, heartbeat)
	defer cancel()
	event, err := e.next(ctx)
	switch {
	case err == nil:
		e.memory = event.append(e.memory[:0])
	case e.ctx.Err() != nil:
		return io.EOF
	case ctx.Err() != nil && errors.Is(err, context.DeadlineExceeded): // this one, not another of next's own
		e.memory = append(e.memory[:0], ":\n\n"...)
	default:
		return err
	}
	e.unread = e.memory
	return nil
}

// Close is part of [io.ReadCloser]. What next uses ends with the request's context.
func (e *eventReader) Close() error { return nil }

// append appends the event as text. A line end in ID or Name would begin another
// field, so it is left out; one in Data begins another line of data.
func (e Event) append(dst []byte) []byte {
	oneLine := strings.NewReplacer("\r", "", "\n", "", "\x00", "")
	if e.ID != "" {
		dst = append(dst, "id: "+oneLine.Replace(e.ID)+"\n"...)
	}
	if e.Name != "" {
		dst = append(dst, "event: "+oneLine.Replace(e.Name)+"\n"...)
	}
	data := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(e.Data)
	for line := range strings.SplitSeq(data, "\n") {
		dst = append(dst, "data: "+line+"\n"...)
	}
	return append(dst, '\n')
}
