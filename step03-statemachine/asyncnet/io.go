package asyncnet

import (
	"io"

	"example.com/async/step03-statemachine/future"
)

// Accept returns a Future of the next connection, which the caller closes. Cancelled, it has taken none.
func Accept(l Listener) future.Future[future.Result[Conn]] {
	return future.Func[future.Result[Conn]](func(cx *future.Context) (result future.Result[Conn], ready bool) {
		conn, ready, err := l.PollAccept(cx)
		return future.Result[Conn]{Value: conn, Err: err}, ready
	})
}

// Read returns a Future of one [Conn.PollRead] into p, which is the Future's until it is ready. Cancelled,
// it has read nothing.
func Read(c Conn, p []byte) future.Future[future.Result[int]] {
	return future.Func[future.Result[int]](func(cx *future.Context) (result future.Result[int], ready bool) {
		n, ready, err := c.PollRead(cx, p)
		return future.Result[int]{Value: n, Err: err}, ready
	})
}

// WriteAll returns a Future that writes all of p, which is the Future's until it is ready. Its value is how
// many bytes were written: all of them, unless there is an error. Cancelled, it may have
// written a part: it is not cancel-safe, as Read is.
func WriteAll(c Conn, p []byte) future.Future[future.Result[int]] {
	return &writeAll{conn: c, p: p}
}

type writeAll struct {
	conn    Conn
	p       []byte
	written int
}

// Poll writes until all is written, or until it must wait. A write that came short is continued.
func (w *writeAll) Poll(cx *future.Context) (result future.Result[int], ready bool) {
	for w.written < len(w.p) {
		n, ready, err := w.conn.PollWrite(cx, w.p[w.written:])
		if !ready {
			return result, false
		}
		w.written += n
		switch {
		case err != nil:
			return future.Result[int]{Value: w.written, Err: err}, true
		case n == 0:
			return future.Result[int]{Value: w.written, Err: io.ErrNoProgress}, true
		}
	}
	return future.Result[int]{Value: w.written}, true
}
