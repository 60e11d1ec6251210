//go:build solution

package finger

import (
	"bytes"
	"io"

	"example.com/async/step03-statemachine/future"
)

type Session struct {
	conn   Conn
	answer func(line string) string
	state  state
	in     [MostLine + len("\r\n")]byte
	n      int // how much of in has come
	line   string
	out    []byte // what is still to be sent
}

type state uint8

const (
	reading state = iota
	writing
	done
)

func New(conn Conn, answer func(line string) string) *Session {
	return &Session{conn: conn, answer: answer}
}

func (s *Session) Poll(cx *future.Context) (result future.Result[string], ready bool) {
	for {
		switch s.state {
		case reading:
			n, ready, err := s.conn.PollRead(cx, s.in[s.n:])
			if !ready {
				return result, false
			}
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return s.end(err)
			}
			s.n += n
			line, _, found := bytes.Cut(s.in[:s.n], []byte("\n"))
			if found {
				line = bytes.TrimSuffix(line, []byte("\r"))
			}
			switch {
			case found && len(line) <= MostLine:
				s.line = string(line)
				s.out = []byte(s.answer(s.line))
				s.state = writing
			case found || s.n == len(s.in):
				return s.end(ErrTooLong)
			}
		case writing:
			if len(s.out) == 0 {
				return s.end(nil)
			}
			n, ready, err := s.conn.PollWrite(cx, s.out)
			if !ready {
				return result, false
			}
			if err != nil {
				return s.end(err)
			}
			s.out = s.out[n:]
		case done:
			panic(future.PolledAfterReady)
		}
	}
}

func (s *Session) end(err error) (result future.Result[string], ready bool) {
	s.Cancel()
	if err != nil {
		return future.Result[string]{Err: err}, true
	}
	return future.Result[string]{Value: s.line}, true
}

func (s *Session) Cancel() {
	s.state = done
	s.conn.Close()
}
