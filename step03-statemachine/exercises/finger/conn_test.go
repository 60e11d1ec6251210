package finger

import (
	"errors"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

var errReset = errors.New("connection reset by peer")

func answer(line string) string { return "No one here is called " + line + ".\r\n" }

// serve polls a new session until it is ready. When it waits for bytes it gets the next
// piece; when it waits for room it gets some.
func serve(newSession newFunc, c *conn, pieces ...string) future.Result[string] {
	c.t.Helper()
	answerFor := answer
	if c.silent {
		answerFor = func(string) string { return "" }
	}
	s := newSession(c, answerFor)
	for {
		w := new(futuretest.Waker)
		result, ready := c.poll(s, w)
		switch {
		case ready:
			return result
		case c.waits == "write":
			c.room += c.step
		case len(pieces) > 0:
			c.in = append(c.in, pieces[0]...)
			pieces = pieces[1:]
		case c.readErr != nil:
			c.ended = true
		default:
			require.FailNow(c.t, "all that the client sends has come, and the session still waits for more")
		}
	}
}

func expectLine(t lesson.T, result future.Result[string], sent string) string {
	t.Helper()
	require.NoError(t, result.Err, "%.50q was a good line", sent)
	return result.Value
}

// A conn plays the client's connection. It watches what the session does with it.
type conn struct {
	t        lesson.T
	in       []byte // has come, and was not read
	readErr  error  // how the stream ends, when ended is true
	ended    bool
	step     int // how much room there will be at a time; 0: any
	room     int
	writeErr error
	silent   bool // the answer is empty

	out    []byte
	closes int
	calls  int
	waits  string       // which call was not ready in this Poll: "read", "write" or ""
	waker  future.Waker // of that call
}

// poll polls the session, and fails the case if pending is an empty promise.
func (c *conn) poll(s session, w future.Waker) (future.Result[string], bool) {
	c.t.Helper()
	c.waits = ""
	result, ready := s.Poll(future.NewContext(w))
	switch {
	case ready:
		require.NotZero(c.t, c.closes, "Poll is ready, and the connection is still open")
	case c.waits == "":
		require.FailNow(c.t, "Poll has returned pending, though the connection never did: nobody will wake this session")
	default:
		require.Same(c.t, w, c.waker, "the waker that the connection has is not that of the latest Poll")
	}
	return result, ready
}

// called fails the case if this is no time for a call.
func (c *conn) called(name string, p []byte) {
	c.t.Helper()
	c.calls++
	require.Zero(c.t, c.closes, "%s was called after Close", name)
	require.Empty(c.t, c.waits, "%s was called in a Poll in which the connection was not ready before: that Poll had to return", name)
	require.NotEmpty(c.t, p, "%s was called with no bytes", name)
	require.Less(c.t, c.calls, 10_000, "%s is called again and again; sent so far: %.50q", name, c.out)
}

func (c *conn) PollRead(cx *future.Context, p []byte) (n int, ready bool, err error) {
	c.called("PollRead", p)
	switch {
	case len(c.in) > 0:
		n = copy(p, c.in)
		c.in = c.in[n:]
		return n, true, nil
	case c.ended:
		return 0, true, c.readErr
	}
	c.waits, c.waker = "read", cx.Waker()
	return 0, false, nil
}

func (c *conn) PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error) {
	c.called("PollWrite", p)
	switch {
	case c.writeErr != nil:
		return 0, true, c.writeErr
	case c.step == 0:
		n = len(p)
	case c.room == 0:
		c.waits, c.waker = "write", cx.Waker()
		return 0, false, nil
	default:
		n = min(c.room, len(p))
		c.room -= n
	}
	c.out = append(c.out, p[:n]...)
	return n, true, nil
}

func (c *conn) Close() error {
	c.closes++
	return nil
}
