//go:build !solution

package finger

import (
	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A Session serves one client. It reads a line, sends what answer returns for it, closes the
// connection, and is ready with the line:
//
//   - A line ends with LF; a CR before the LF is not a part of the line. What follows it is ignored.
//   - A line that is longer than MostLine is ErrTooLong, also if its end never comes.
//   - When the client's stream ends before the line does, the error is io.ErrUnexpectedEOF. Other
//     errors of PollRead and PollWrite are the result as they are.
//   - An empty answer is sent without a write: PollWrite need not be ready for no bytes.
//   - The connection is closed once, whatever happens, before Poll returns ready. Close's error
//     does not matter.
type Session struct {
	conn   Conn
	answer func(line string) string
}

// New returns a Session that has not begun. It owns conn from now on.
func New(conn Conn, answer func(line string) string) *Session {
	return &Session{conn: conn, answer: answer}
}

// Poll goes on until it has to wait, or is at its end. It returns pending only if conn has just
// done so: who else would wake it?
func (s *Session) Poll(cx *future.Context) (result future.Result[string], ready bool) {
	panic(lesson.ErrNotStarted)
}

// Cancel ends a Session that nobody will poll again.
func (s *Session) Cancel() {
}
