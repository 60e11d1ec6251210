package typing_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step05-select/exercises/typing"
)

type serveFunc func(conn net.Conn, messages <-chan string, say func(line string)) error

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, serveFunc(typing.Serve), lesson.JudgeInBubble[serveFunc])
}

// BrokenServe is what the exercise begins with: it keeps the rules that are not about waiting for two things.
func TestBrokenServe_keepsTheOtherRules(t *testing.T) {
	lesson.RunInBubble(t, lesson.Pick(cases, "talk", "leaves", "vanishes"), serveFunc(typing.BrokenServe))
}

var errBroken = errors.New("broken pipe")

var cases = []lesson.Case[serveFunc]{
	{
		Name: "talk", Rule: "each line is said, each message written, in order", Source: "selectloop",
		Hint: "a loop around one select with two cases",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			u.types("one\ntwo\n\nfour\n")
			require.Equal(t, []string{"one", "two", "", "four"}, u.said(), "the user has typed four lines: which were said?")
			for i := range 3 {
				u.hears(fmt.Sprint("message ", i), "the room says something")
				u.types("hello\n")
			}
			require.Equal(t, []string{"one", "two", "", "four", "hello", "hello", "hello"}, u.said(), "the user has typed a line after each message: which were said?")
		},
	},
	{
		Name: "half-typed", Rule: "a line that is half typed when a message comes is said whole", Source: "tokio::select!: read_line is not cancel safe",
		Hint: "a read is never given up: the reader has its own goroutine, and one Scanner for as long as it lives",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			u.types("please do not ")
			time.Sleep(time.Second)
			u.hears("hello", "the user has typed half a line")
			time.Sleep(time.Second)
			u.types("forget ")
			u.hears("are you there?", "the user has typed another part of the line")
			u.types("me\n")
			require.Equal(t, []string{"please do not forget me"}, u.said(), "the user has typed a line in three parts, and messages came in between: which lines were said?")
		},
	},
	{
		Name: "at-once", Rule: "a message is written as soon as it comes, and a line said", Source: "selectloop",
		Hint: "no deadline and no timer: the select wakes when one of them is there",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			for range 3 {
				time.Sleep(time.Second)
				lesson.Rest(t)
				began := time.Now()
				u.hears("hello", "the user is silent, and the room says something")
				require.Zero(t, time.Since(began), "a message came while the user was silent: how long did it take?")
				u.types("hello\n")
				u.said()
				require.Zero(t, time.Since(began), "the user has typed a line: how long did it take?")
			}
		},
	},
	{
		Name: "one-at-a-time", Rule: "only the loop says lines and writes messages, one after the other", Source: "selectloop, conn.loop",
		Hint: "the reader hands each line over and does nothing else: then what say and Write use needs no lock",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			free := u.busy()
			u.types("this takes a while\n")
			require.Len(t, u.said(), 1, "the user has typed a line")
			require.False(t, u.offers("hello"), "a line is still being said, and Serve receives a message meanwhile")
			free()
			u.hears("hello", "the line was said")

			u = arrives(t, serve, memnet.Buffer(1))
			require.True(t, u.offers("hello"), "nothing happens, and Serve does not receive a message")
			u.types("hello\n")
			require.Empty(t, u.said(), "a message is still being written, and what has the user said meanwhile?")
			u.reads("hello\n", "the user reads on")
			require.Equal(t, []string{"hello"}, u.said(), "the message was written: what has the user said?")
		},
	},
	{
		Name: "pushes-back", Rule: "who types faster than its lines are said must wait", Source: "CWE-770, allocation without limits",
		Hint: "the channel from the reader to the loop has little room or none, and nobody copies it into a slice",
		Check: func(t lesson.T, serve serveFunc) {
			const lines, most = 32, 256 << 10
			u := arrives(t, serve)
			free := u.busy()
			line := strings.Repeat("x", 16383) + "\n"
			go u.Write([]byte(strings.Repeat(line, lines)))
			lesson.Rest(t)
			require.Less(t, u.server.hasRead(), most, "a line is still being said, the user has sent half a megabyte more: how much has the reader read?")
			free()
			require.Len(t, u.said(), lines, "the user had to wait, and now all is said: how many lines?")
		},
	},
	{
		Name: "leaves", Rule: "when the user has finished, all lines are said, and then Serve returns nil", Source: "selectloop, conn.feed",
		Hint: "the reader closes its channel behind the last line; a second channel that says \"done\" might be seen first",
		Check: func(t lesson.T, serve serveFunc) {
			for range 20 { // select draws lots
				u := arrives(t, serve)
				u.types("one\ntwo\nthree\nfour\n")
				require.NoError(t, u.CloseWrite())
				require.NoError(t, u.ends("the user has finished"), "the user has finished: what does Serve return?")
				require.Equal(t, []string{"one", "two", "three", "four"}, u.said(), "the user has typed four lines and finished: which were said?")
			}
		},
	},
	{
		Name: "vanishes", Rule: "when a Read fails, Serve returns its error", Source: "RFC 9293 section 3.5.3, reset processing",
		Hint: "Scanner.Err, which is nil at io.EOF: the loop may look at it when the reader has closed the channel",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			lesson.Rest(t)
			require.NoError(t, u.Reset())
			require.ErrorIs(t, u.ends("the connection was reset"), syscall.ECONNRESET, "the connection was reset: what does Serve return?")
		},
	},
	{
		Name: "write-fails", Rule: "when a Write fails, Serve returns its error, and the reader has ended", Source: "io.Writer",
		Hint: "each return of the loop ends the reader: a deferred function",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			lesson.Rest(t)
			u.server.fail(errBroken)
			require.True(t, u.offers("hello"), "nothing happens, and Serve does not receive a message")
			require.ErrorIs(t, u.ends("a Write has failed, and the user is silent"), errBroken, "a Write has failed: what does Serve return?")
		},
	},
	{
		Name: "room-ends", Rule: "when messages is closed, Serve returns nil, the reader has ended, and conn is open", Source: "selectloop, conn.stopReader",
		Hint: "the reader waits in Read: SetReadDeadline with a time in the past wakes it, and doesn't hinder a Write",
		Check: func(t lesson.T, serve serveFunc) {
			u := arrives(t, serve)
			u.types("half a li")
			lesson.Rest(t)
			began := time.Now()
			close(u.messages)
			require.NoError(t, u.ends("messages was closed while the user was typing"), "messages was closed: what does Serve return?")
			require.Zero(t, time.Since(began), "messages was closed: how long did Serve take?")
			_, err := io.WriteString(u.server, "goodbye\n")
			require.NoError(t, err, "Serve has returned, and the caller writes a last word")
			u.reads("goodbye\n", "Serve has returned, and the caller has written a last word")
		},
	},
	{
		Name: "room-ends-talking", Rule: "the reader ends also if it is about to hand over a line", Source: "goroutine leaks: a send that nobody receives any more",
		Hint: "the loop must go on receiving until the reader has closed its channel, or the reader must wait for something else, too",
		Check: func(t lesson.T, serve serveFunc) {
			for range 20 { // select draws lots
				u := arrives(t, serve)
				free := u.busy()
				u.types("one\ntwo\nthree\n")
				lesson.Rest(t)
				close(u.messages)
				free()
				require.NoError(t, u.ends("messages was closed while the reader had lines to hand over"), "messages was closed: what does Serve return?")
				u.mu.Lock()
				atReturn := len(u.lines)
				u.mu.Unlock()
				require.Len(t, u.said(), atReturn, "how many lines were said when Serve had returned, and how many are it now?")
			}
		},
	},
}
