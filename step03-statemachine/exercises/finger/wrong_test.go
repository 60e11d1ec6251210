package finger

import (
	"io"
	"strings"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[newFunc]{
		{
			Name: "answers each read", Case: "any-cut",
			Message: `the line came as "a", "nn@host\r\n"`,
			Subject: wrong(fault{oneRead: true}),
		},
		{
			Name: "keeps what has come in a local variable", Case: "any-cut",
			Message: `the line came as "a", "nn@host\r\n"`,
			Subject: wrong(fault{forgets: true}),
		},
		{
			Name: "reads until the client has ended its stream", Case: "answers",
			Message: "the session still waits for more",
			Subject: wrong(fault{untilEOF: true}),
		},
		{
			Name: "trims the line", Case: "line-end",
			Message: "the line in",
			Subject: wrong(fault{trims: true}),
		},
		{
			Name: "wants a CR", Case: "line-end",
			Message: "the session still waits for more",
			Subject: wrong(fault{wantsCR: true}),
		},
		{
			Name: "takes a short write for a whole one", Case: "short-writes",
			Message: "what was sent when there was room for 1 bytes at a time",
			Subject: wrong(fault{shortWrite: true}),
		},
		{
			Name: "begins the answer anew in each Poll", Case: "short-writes",
			Message: `sent so far: "NNNNN`,
			Subject: wrong(fault{writesAnew: true}),
		},
		{
			Name: "writes an empty answer", Case: "no-answer",
			Message: "PollWrite was called with no bytes",
			Subject: wrong(fault{writesNothing: true}),
		},
		{
			Name: "changes the state, and returns pending", Case: "pending-is-a-promise",
			Message: "nobody will wake this session",
			Subject: wrong(fault{returnsOnChange: true}),
		},
		{
			Name: "asks until the connection is ready", Case: "pending-returns",
			Message: "that Poll had to return",
			Subject: wrong(fault{spins: true}),
		},
		{
			Name: "keeps the first Poll's Context", Case: "last-waker",
			Message: "is not that of the latest Poll",
			Subject: wrong(fault{keepsContext: true}),
		},
		{
			Name: "has no limit", Case: "limit",
			Message: "a line of MostLine+1 bytes must be refused",
			Subject: wrong(fault{noLimit: true}),
		},
		{
			Name: "looks at the limit when the line has ended", Case: "limit",
			Message: "the session still waits for more",
			Subject: wrong(fault{limitAtEnd: true}),
		},
		{
			Name: "counts the line's end", Case: "limit",
			Message: "was a good line",
			Subject: wrong(fault{countsEnd: true}),
		},
		{
			Name: "returns io.EOF as it comes", Case: "errors",
			Message: "the stream has ended after",
			Subject: wrong(fault{plainEOF: true}),
		},
		{
			Name: "answers half a line when the stream ends", Case: "errors",
			Message: "the stream has ended after",
			Subject: wrong(fault{answersHalf: true}),
		},
		{
			Name: "doesn't look at the error of PollWrite", Case: "errors",
			Message: "PollWrite is called again and again",
			Subject: wrong(fault{ignoresWriteError: true}),
		},
		{
			Name: "leaves the connection open after an error", Case: "close-once",
			Message: "the connection is still open",
			Subject: wrong(fault{openAfterError: true}),
		},
		{
			Name: "closes when the answer is sent, and again at the end", Case: "close-once",
			Message: "how often was the connection closed after the answer?",
			Subject: wrong(fault{closesTwice: true}),
		},
		{
			Name: "has an empty Cancel", Case: "cancel",
			Message: "cancelled before the first Poll: how often was the connection closed?",
			Subject: wrong(fault{noCancel: true}),
		},
		{
			Name: "begins again after its end", Case: "over",
			Message: "Poll was called again after it was ready",
			Subject: wrong(fault{beginsAgain: true}),
		},
	}, lesson.JudgeInBubble[newFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	oneRead, forgets, untilEOF, trims, wantsCR         bool
	shortWrite, writesAnew, writesNothing              bool
	returnsOnChange, spins, keepsContext               bool
	noLimit, limitAtEnd, countsEnd                     bool
	plainEOF, answersHalf, ignoresWriteError           bool
	openAfterError, closesTwice, noCancel, beginsAgain bool
}

func wrong(f fault) newFunc {
	return func(conn Conn, answer func(line string) string) session {
		return &wrongSession{fault: f, conn: conn, answer: answer}
	}
}

// A wrongSession is right but for its fault. Its state is what it has: a line, an answer, an end.
type wrongSession struct {
	fault
	conn    Conn
	answer  func(line string) string
	in      string
	hasLine bool
	line    string
	out     []byte
	over    bool
	cx      *future.Context
}

func (s *wrongSession) Poll(cx *future.Context) (result future.Result[string], ready bool) {
	if s.over && !s.beginsAgain {
		panic(future.PolledAfterReady)
	}
	if s.keepsContext {
		if s.cx == nil {
			s.cx = cx
		}
		cx = s.cx
	}
	if s.forgets {
		s.in = ""
	}
	for !s.hasLine {
		piece := make([]byte, 30)
		n, ready, err := s.conn.PollRead(cx, piece)
		switch {
		case !ready && s.spins:
			continue
		case !ready:
			return result, false
		case err == io.EOF && (s.answersHalf || s.untilEOF):
			s.hasLine, s.line = true, strings.TrimRight(s.in, "\r\n")
			s.out = []byte(s.answer(s.line))
			continue
		case err == io.EOF && !s.plainEOF:
			return s.end(io.ErrUnexpectedEOF)
		case err != nil:
			return s.end(err)
		}
		s.in += string(piece[:n])
		if err := s.look(); err != nil {
			return s.end(err)
		}
		if s.hasLine && s.returnsOnChange {
			return result, false
		}
	}
	if s.writesAnew {
		s.out = []byte(s.answer(s.line))
	}
	for len(s.out) > 0 || s.writesNothing {
		n, ready, err := s.conn.PollWrite(cx, s.out)
		switch {
		case !ready && s.spins:
			continue
		case !ready:
			return result, false
		case err != nil && s.ignoresWriteError:
			continue
		case err != nil:
			return s.end(err)
		}
		if s.out = s.out[n:]; s.shortWrite || len(s.out) == 0 {
			break
		}
	}
	return s.end(nil)
}

// look sees whether the line is there.
func (s *wrongSession) look() error {
	end := "\n"
	if s.wantsCR {
		end = "\r\n"
	}
	line, _, found := strings.Cut(s.in, end)
	most := MostLine
	switch {
	case s.untilEOF:
		return nil
	case s.trims:
		line = strings.TrimSpace(line)
	case s.countsEnd && found:
		most -= len(end)
	default:
		line = strings.TrimSuffix(line, "\r")
	}
	if len(line) > most && !s.noLimit && (found || !s.limitAtEnd) {
		return ErrTooLong
	}
	if found || s.oneRead {
		s.hasLine, s.line, s.out = true, line, []byte(s.answer(line))
	}
	return nil
}

func (s *wrongSession) end(err error) (result future.Result[string], ready bool) {
	if err == nil || !s.openAfterError {
		s.conn.Close()
	}
	if s.closesTwice {
		s.conn.Close()
	}
	s.over = true
	if err != nil {
		return future.Result[string]{Err: err}, true
	}
	return future.Result[string]{Value: s.line}, true
}

func (s *wrongSession) Cancel() {
	if !s.noCancel {
		s.over = true
		s.conn.Close()
	}
}
