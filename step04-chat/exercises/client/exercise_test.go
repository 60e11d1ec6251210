package client_test

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/exercises/client"
)

type serveFunc func(ctx context.Context, conn net.Conn, room *client.Room) error

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, serveFunc(client.Serve), lesson.JudgeInBubble[serveFunc])
}

var cases = []lesson.Case[serveFunc]{
	{
		Name: "talk", Rule: "what one client says in a line all others get as one, in order", Source: "chat.Hub",
		Hint: "the reader calls member.Send, the writer receives from member.Messages",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann, bob, eve := r.arrives(), r.arrives(), r.arrives()
			ann.says("hello\n")
			bob.reads("hello\n", "Ann has said hello, and Bob reads")
			eve.reads("hello\n", "Ann has said hello, and Eve reads")
			bob.says("one\ntwo\n\nfour\n")
			ann.reads("one\ntwo\n\nfour\n", "Bob has said four lines, and Ann reads")
			eve.reads("one\ntwo\n\nfour\n", "Bob has said four lines, and Eve reads")
		},
	},
	{
		Name: "half-typed", Rule: "a line that comes in two parts is one line, whatever is written in between", Source: "tokio::select!: read_line is not cancel safe",
		Hint: "reading is never given up to write something: that is what the second goroutine is for",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann, bob := r.arrives(), r.arrives()
			ann.says("hel")
			synctest.Wait()
			bob.says("hello, Ann!\n")
			ann.reads("hello, Ann!\n", "Ann has typed half a line, and Bob says something")
			time.Sleep(time.Second)
			ann.says("lo\n")
			bob.reads("hello\n", "Ann has typed half a line, read what Bob said, and typed the other half")
		},
	},
	{
		Name: "leaves", Rule: "when a client leaves, both its goroutines end, its member leaves once, and the others go on", Source: "CWE-772, missing release of a resource",
		Hint: "the writer waits for messages that may never come: give it something else to wait for",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann, bob, eve := r.arrives(), r.arrives(), r.arrives()
			require.NoError(t, ann.Close())
			require.NoError(t, ann.ends(), "a client has closed its connection: what does Serve return?")
			require.Equal(t, 2, r.clients(), "one of three clients has left: how many members are there still?")
			bob.says("hello\n")
			eve.reads("hello\n", "Ann has left, Bob has said hello, and Eve reads")
		},
	},
	{
		Name: "half-close", Rule: "a client that has finished sending still gets what was said until then", Source: "RFC 9293 section 3.6; nc -N",
		Hint: "the writer doesn't drop its queue when it hears that the reader has ended; len tells how much there is",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann := r.arrives(memnet.Buffer(1))
			r.say(many...)
			synctest.Wait() // the writer waits in the middle of the first
			require.NoError(t, ann.CloseWrite())
			synctest.Wait()
			ann.reads(strings.Join(many, "\n")+"\n", "16 messages were said, then Ann finished sending, and then she reads")
			require.NoError(t, ann.ends(), "the client has finished sending, and read all: what does Serve return?")
		},
	},
	{
		Name: "half-close-busy", Rule: "a client that has finished sending gets no more than what was said until then", Source: "chat.Server",
		Hint: "to write until nothing is left never ends in a busy room: count what is there when the reader has ended",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann := r.arrives(memnet.Buffer(1))
			r.say("hello", "hello", "hello")
			synctest.Wait()
			require.NoError(t, ann.CloseWrite())
			synctest.Wait()
			for range 100 { // as many messages as a queue holds, several times over
				ann.SetReadDeadline(time.Now().Add(time.Minute))
				if _, err := io.ReadFull(ann, make([]byte, len("hello\n"))); err != nil {
					require.ErrorIs(t, err, io.EOF, "Ann has finished sending, and reads")
					require.NoError(t, ann.ends(), "the client has finished sending, and read all: what does Serve return?")
					return
				}
				r.say("hello", "hello")
				synctest.Wait()
			}
			require.Fail(t, "Ann has finished sending long ago, and the others talk on: 100 messages later her connection still isn't closed")
		},
	},
	{
		Name: "stops", Rule: "when ctx ends, the client gets what was said until then, and Serve returns nil", Source: "tcp.Handler",
		Hint: "a Read that waits doesn't know ctx: a deadline in the past wakes it, and doesn't hinder the writer",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			silent, slow := r.arrives(), r.arrives(memnet.Buffer(1))
			r.say(many...)
			synctest.Wait()
			began := time.Now()
			silent.stop()
			require.NoError(t, silent.ends(), "ctx has ended: what does Serve return?")
			require.Zero(t, time.Since(began), "ctx has ended, and nothing is left to write: how long did Serve take?")
			slow.stop()
			synctest.Wait()
			slow.reads(strings.Join(many, "\n")+"\n", "16 messages were said, then ctx ended, and then the client reads")
			require.NoError(t, slow.ends(), "ctx has ended, and the client has read all: what does Serve return?")
			require.Zero(t, r.clients(), "both clients have left: how many members are there still?")
		},
	},
	{
		Name: "vanishes", Rule: "when a Read fails, Serve returns its error", Source: "RFC 9293 section 3.5.3, reset processing",
		Hint: "Scanner.Err, which is nil at io.EOF",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann := r.arrives()
			synctest.Wait()
			require.NoError(t, ann.Reset())
			require.ErrorIs(t, ann.ends(), syscall.ECONNRESET, "the client's connection was reset: what does Serve return?")
			require.Zero(t, r.clients(), "the only client has vanished: how many members are there still?")
		},
	},
	{
		Name: "stuck", Rule: "a client that doesn't read is cut off after WriteTimeout, though it has sent nothing", Source: "CWE-400, uncontrolled resource consumption",
		Hint: "when the writer fails, the reader still waits for the client: closing the connection wakes it",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann, bob := r.arrives(memnet.Buffer(1)), r.arrives()
			began := time.Now()
			r.say("hello")
			require.ErrorIs(t, ann.ends(), os.ErrDeadlineExceeded, "the client has not read for WriteTimeout: what does Serve return?")
			require.Equal(t, client.WriteTimeout, time.Since(began), "the client doesn't read: after what time was it cut off?")
			require.Equal(t, 1, r.clients(), "one of two clients was cut off: how many members are there still?")
			bob.reads("hello\n", "another client was cut off, and Bob reads")
		},
	},
	{
		Name: "stuck-talks", Rule: "a client that doesn't read is cut off, also while it sends", Source: "goroutine leaks: a send that nobody receives any more",
		Hint: "the reader may be about to hand over a line when the writer has ended: what wakes it there?",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann := r.arrives(memnet.Buffer(100))
			r.say(strings.Repeat("x", 200))
			synctest.Wait()
			ann.says(strings.Repeat("and another thing\n", 5))
			require.ErrorIs(t, ann.ends(), os.ErrDeadlineExceeded, "the client sends, and has not read for WriteTimeout: what does Serve return?")
		},
	},
	{
		Name: "stuck-leaves", Rule: "Serve returns when both goroutines have ended, also if a Write has to wait for its deadline", Source: "net.Conn",
		Hint: "the one that ends first waits for the other: a channel that the other one closes last of all",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			left, stopped := r.arrives(memnet.Buffer(1)), r.arrives(memnet.Buffer(1))
			began := time.Now()
			r.say("one", "two", "three")
			synctest.Wait()
			require.NoError(t, left.CloseWrite())
			stopped.stop()
			for _, guest := range []*guest{left, stopped} {
				err := guest.ends()
				require.Equal(t, client.WriteTimeout, time.Since(began), "one client has finished sending, the ctx of another has ended, and neither reads. Both writers wait for their deadline: after what time has Serve returned?")
				require.ErrorIs(t, err, os.ErrDeadlineExceeded, "a Write has waited for WriteTimeout: what does Serve return?")
			}
		},
	},
	{
		Name: "patient", Rule: "each Write has WriteTimeout for itself, and silence ends nobody", Source: "net.Conn.SetWriteDeadline",
		Hint: "a deadline is a point in time: set it anew before each Write",
		Check: func(t lesson.T, serve serveFunc) {
			r := open(t, serve)
			ann := r.arrives(memnet.Buffer(1))
			r.say("one", "two", "three")
			for _, word := range []string{"one", "two", "three"} {
				time.Sleep(client.WriteTimeout - time.Second)
				ann.reads(word+"\n", "Ann reads a message every %v", client.WriteTimeout-time.Second)
			}
			time.Sleep(10 * client.WriteTimeout)
			r.say("four")
			ann.reads("four\n", "nobody has said anything for a while, and then somebody did")
		},
	},
}
