package main

import (
	"fmt"
	"io"
	"strings"

	"example.com/async/step03-statemachine/future"
)

// A source holds what has come and nobody has taken: it stands in for a connection, and for a room. What is not
// taken stays, so giving up a wait for it loses nothing.
type source struct {
	come  []string
	waker future.Waker
}

func (s *source) poll(cx *future.Context) (next string, ready bool) {
	if len(s.come) == 0 {
		s.waker = cx.Waker()
		return
	}
	next, s.come = s.come[0], s.come[1:]
	return next, true
}

func (s *source) put(v string) {
	s.come = append(s.come, v)
	if s.waker != nil {
		s.waker.Wake()
	}
}

// A readLine is a Future of a line. It takes what was typed, piece by piece, and holds the half line itself. When a
// line is whole, it may be polled again, for the next one.
type readLine struct {
	typed *source
	half  string
	w     io.Writer
}

func (r *readLine) Poll(cx *future.Context) (line string, ready bool) {
	for !strings.HasSuffix(r.half, "\n") {
		piece, ready := r.typed.poll(cx)
		if !ready {
			return "", false
		}
		r.half += piece
	}
	line, r.half = strings.TrimSuffix(r.half, "\n"), ""
	return line, true
}

// Cancel is what Rust calls when a Future is dropped: its fields go with it.
func (r *readLine) Cancel() {
	if r.half != "" {
		fmt.Fprintf(r.w, "   a read is cancelled, and takes with it %q\n", r.half)
	}
}
