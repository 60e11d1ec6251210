package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/future"
)

// A bufReader holds what was read from the connection and taken by nobody. It lives as long as the client. (In Rust:
// tokio::io::BufReader.)
type bufReader struct {
	conn   asyncnet.Conn
	unread []byte // part of buffer
	buffer [8 << 10]byte
}

// A readLine is a Future of the next line, with its newline. At the end it is what there is without one, or empty. It
// takes from the reader all that there is, and holds it until the line is whole: so it is not cancel-safe.
// (In Rust: tokio::io::AsyncBufReadExt::read_line, whose documentation says the same.)
type readLine struct {
	room *room
	from *bufReader
	line []byte // the half line
}

func (r *room) readLine(from *bufReader) future.Future[future.Result[string]] {
	return &readLine{room: r, from: from}
}

func (r *readLine) Poll(cx *future.Context) (result future.Result[string], ready bool) {
	for {
		if len(r.from.unread) == 0 {
			n, ready, err := r.from.conn.PollRead(cx, r.from.buffer[:])
			switch {
			case !ready:
				return result, false
			case errors.Is(err, io.EOF):
				return future.Result[string]{Value: string(r.line)}, true
			case err != nil:
				return future.Result[string]{Err: err}, true
			}
			r.from.unread = r.from.buffer[:n]
		}
		end := bytes.IndexByte(r.from.unread, '\n') + 1
		whole := end > 0
		if !whole {
			end = len(r.from.unread)
		}
		r.line = append(r.line, r.from.unread[:end]...)
		r.from.unread = r.from.unread[end:]
		if whole {
			return future.Result[string]{Value: string(r.line)}, true
		}
	}
}

// Cancel is called by the select when a message wins. Rust would drop the line without a word.
func (r *readLine) Cancel() {
	if len(r.line) > 0 {
		fmt.Fprintf(r.room.operator, "%v: a read is dropped, and with it %q\n", r.from.conn.RemoteAddr(), r.line)
	}
}
