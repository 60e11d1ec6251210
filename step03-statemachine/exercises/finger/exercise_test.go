package finger

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

type (
	session = future.Future[future.Result[string]]
	newFunc func(conn Conn, answer func(line string) string) session
)

func TestExercise(t *testing.T) {
	newSession := func(conn Conn, answer func(line string) string) session { return New(conn, answer) }
	lesson.Grade(t, cases, newSession, lesson.JudgeInBubble[newFunc])
}

var cases = []lesson.Case[newFunc]{
	{
		Name: "answers", Rule: "a line is answered, then the connection is closed", Source: "RFC 1288 section 2.1",
		Hint: "three states: reading, writing, done",
		Check: func(t lesson.T, newSession newFunc) {
			for _, line := range []string{"ann", "", "/W ann@host"} {
				c := &conn{t: t}
				require.Equal(t, line, expectLine(t, serve(newSession, c, line+"\r\n"), line), "the line that Poll is ready with")
				require.Equal(t, answer(line), string(c.out), "what was sent for the line %q", line)
			}
		},
	},
	{
		Name: "line-end", Rule: "LF ends the line, with or without a CR before it; what follows is ignored", Source: "RFC 1288 section 2.3",
		Hint: "cut at the first LF, then drop one CR",
		Check: func(t lesson.T, newSession newFunc) {
			for _, pair := range [][2]string{
				{"ann\n", "ann"}, {"ann\r\n", "ann"}, {"\n", ""}, {"ann\r\nbob\r\n", "ann"}, {"ann\n\n", "ann"},
				{" ann \r\n", " ann "}, {"a\rnn\r\n", "a\rnn"}, {"ann\r\r\n", "ann\r"},
			} {
				c, sent, line := &conn{t: t}, pair[0], pair[1]
				require.Equal(t, line, expectLine(t, serve(newSession, c, sent), sent), "the line in %q", sent)
				require.Equal(t, answer(line), string(c.out), "what was sent for the line in %q", sent)
			}
		},
	},
	{
		Name: "any-cut", Rule: "it doesn't matter where the network has cut the line", Source: "RFC 9293 section 3.8",
		Hint: "what has come of the line must outlive the Poll: a field, not a variable",
		Check: func(t lesson.T, newSession newFunc) {
			const sent = "ann@host\r\n"
			for cut := 1; cut < len(sent); cut++ {
				c := &conn{t: t}
				require.Equal(t, "ann@host", expectLine(t, serve(newSession, c, sent[:cut], sent[cut:]), sent), "the line came as %q, %q", sent[:cut], sent[cut:])
			}
			c := &conn{t: t}
			require.Equal(t, "ann@host", expectLine(t, serve(newSession, c, strings.Split(sent, "")...), sent), "the line came byte by byte")
			require.Equal(t, answer("ann@host"), string(c.out), "what was sent for the line")
		},
	},
	{
		Name: "short-writes", Rule: "all of the answer is sent, however little room there is", Source: "write(2)",
		Hint: "PollWrite says how much it took; the rest must outlive the Poll",
		Check: func(t lesson.T, newSession newFunc) {
			for room := 1; room <= len(answer("ann"))+1; room++ {
				c := &conn{t: t, step: room}
				expectLine(t, serve(newSession, c, "ann\n"), "ann")
				require.Equal(t, answer("ann"), string(c.out), "what was sent when there was room for %d bytes at a time", room)
			}
		},
	},
	{
		Name: "no-answer", Rule: "an empty answer is sent without a write", Source: "exercise",
		Hint: "PollWrite need not be ready for no bytes: nobody has promised that",
		Check: func(t lesson.T, newSession newFunc) {
			c := &conn{t: t, silent: true, step: 1}
			expectLine(t, serve(newSession, c, "ann\n"), "ann")
			require.Equal(t, 1, c.closes, "there is nothing to send: how often was the connection closed?")
		},
	},
	{
		Name: "pending-is-a-promise", Rule: "Poll returns pending only if the connection has just done so", Source: "future.Future",
		Hint: "a change of state is no reason to return: loop",
		Check: func(t lesson.T, newSession newFunc) {
			// serve fails the case wherever the promise is broken. Here all is there at the first Poll.
			c := &conn{t: t, in: []byte("ann\n")}
			_, ready := c.poll(newSession(c, answer), new(futuretest.Waker))
			require.True(t, ready, "the line was there, and room for the answer: one Poll could do it all")
		},
	},
	{
		Name: "pending-returns", Rule: "when the connection is not ready, Poll returns at once", Source: "future.Future",
		Hint: "to ask again in the same Poll is to wait with the processor: the others in this thread stand still",
		Check: func(t lesson.T, newSession newFunc) {
			// serve fails the case when there is another call in a Poll in which one was not ready.
			expectLine(t, serve(newSession, &conn{t: t, step: 1}, "a", "nn", "\n"), "ann")
		},
	},
	{
		Name: "last-waker", Rule: "each Poll passes on its own waker, and a Poll too many does no harm", Source: "future.Future",
		Hint: "cx is valid until Poll returns: never store it",
		Check: func(t lesson.T, newSession newFunc) {
			c := &conn{t: t, step: 2}
			s := newSession(c, answer)
			for _, piece := range []string{"", "a", "", "n", "", "n\n"} {
				c.in = append(c.in, piece...)
				for range 3 {
					w := new(futuretest.Waker)
					_, ready := c.poll(s, w)
					require.False(t, ready, "%q has come, and there is no room for an answer", piece)
					require.Same(t, w, c.waker, "the waker that the connection has is not that of the latest Poll")
				}
			}
		},
	},
	{
		Name: "limit", Rule: "a line longer than MostLine is refused, also if it never ends", Source: "the network is hostile",
		Hint: "the line's two bytes of end don't count; a field of fixed size can't grow",
		Check: func(t lesson.T, newSession newFunc) {
			longest := strings.Repeat("x", MostLine)
			for _, end := range []string{"\n", "\r\n"} {
				for _, pieces := range [][]string{{longest + end}, strings.Split(longest+end, "")} {
					line := expectLine(t, serve(newSession, &conn{t: t}, pieces...), longest+end)
					require.Len(t, line, MostLine, "a line of MostLine bytes is allowed; it came in %d piece(s)", len(pieces))
				}
			}
			c := &conn{t: t}
			require.ErrorIs(t, serve(newSession, c, longest+"x\n").Err, ErrTooLong, "a line of MostLine+1 bytes must be refused")
			require.Empty(t, string(c.out), "a line that is too long has no answer")
			require.ErrorIs(t, serve(newSession, &conn{t: t}, longest+"x\r\n").Err, ErrTooLong, "a line of MostLine+1 bytes must be refused")
			require.ErrorIs(t, serve(newSession, &conn{t: t}, strings.Repeat("x", 3*MostLine)).Err, ErrTooLong, "a line that never ends must be refused")
			require.ErrorIs(t, serve(newSession, &conn{t: t}, strings.Split(strings.Repeat("x", 3*MostLine), "")...).Err, ErrTooLong, "a line that never ends must be refused, also if it comes byte by byte")
		},
	},
	{
		Name: "errors", Rule: "an error ends the session and is its result; an early end of the stream is io.ErrUnexpectedEOF", Source: "io.ReadFull",
		Hint: "io.EOF means that all went well: here it didn't",
		Check: func(t lesson.T, newSession newFunc) {
			for _, pieces := range [][]string{nil, {"an"}, {"ann\r"}} {
				c := &conn{t: t, readErr: io.EOF}
				require.ErrorIs(t, serve(newSession, c, pieces...).Err, io.ErrUnexpectedEOF, "the stream has ended after %q", pieces)
				require.Empty(t, string(c.out), "half a line has no answer")
			}
			require.ErrorIs(t, serve(newSession, &conn{t: t, readErr: errReset}, "an").Err, errReset, "PollRead has failed")
			require.ErrorIs(t, serve(newSession, &conn{t: t, writeErr: errReset}, "ann\n").Err, errReset, "PollWrite has failed")
		},
	},
	{
		Name: "close-once", Rule: "the connection is closed once, before Poll is ready", Source: "exercise",
		Hint: "one function that ends the session, whatever the reason",
		Check: func(t lesson.T, newSession newFunc) {
			for _, end := range []struct {
				name string
				conn conn
				sent string
			}{
				{"the answer", conn{}, "ann\n"},
				{"an early end", conn{readErr: io.EOF}, "ann"},
				{"a failed read", conn{readErr: errReset}, "ann"},
				{"a failed write", conn{writeErr: errReset}, "ann\n"},
				{"a line that is too long", conn{}, strings.Repeat("x", 3*MostLine)},
			} {
				end.conn.t = t
				serve(newSession, &end.conn, end.sent)
				require.Equal(t, 1, end.conn.closes, "how often was the connection closed after %s?", end.name)
			}
		},
	},
	{
		Name: "cancel", Rule: "Cancel closes the connection", Source: "future.Canceler",
		Hint: "a Session owns its connection from New on: nobody else will close it",
		Check: func(t lesson.T, newSession newFunc) {
			c := &conn{t: t}
			future.Cancel(newSession(c, answer))
			require.Equal(t, 1, c.closes, "cancelled before the first Poll: how often was the connection closed?")
			for _, piece := range []string{"an", "ann\n"} {
				c := &conn{t: t, step: 1}
				s := newSession(c, answer)
				c.in = []byte(piece)
				c.poll(s, new(futuretest.Waker))
				future.Cancel(s)
				require.Equal(t, 1, c.closes, "cancelled after %q: how often was the connection closed?", piece)
			}
		},
	},
	{
		Name: "over", Rule: "Poll panics with PolledAfterReady when it has been ready", Source: "future.PolledAfterReady",
		Hint: "done is a state, too",
		Check: func(t lesson.T, newSession newFunc) {
			c := &conn{t: t, in: []byte("ann\n")}
			s := newSession(c, answer)
			c.poll(s, new(futuretest.Waker))
			require.PanicsWithValue(t, future.PolledAfterReady, func() { c.poll(s, new(futuretest.Waker)) }, "Poll was called again after it was ready")
		},
	},
}
