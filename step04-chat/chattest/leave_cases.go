package chattest

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// How clients and the server end.
var leaveCases = []lesson.Case[Subject]{
	{
		Name: "half-close", Rule: "what a client says before its FIN is delivered, it gets what others said before, and then the server closes",
		Source: "nc -N; RFC 9293 section 3.6", Hint: "io.EOF says that the client has finished sending, not that it has stopped reading",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(3)
			a, b, witness := room[0], room[1], room[2]
			b.say("before you go")
			b.say("and one more")
			a.expect(b.line("before you go"), "a client must get what others say")
			witness.skipTo(b.line("and one more")) // now it is said, and a has not read it
			a.send("one\ntwo\nthree\n")
			require.NoError(t, a.conn.CloseWrite())
			for _, text := range []string{"one", "two", "three"} {
				b.expect(a.line(text), "a client said three lines, and finished")
			}
			a.expect(b.line("and one more"), "a client has finished sending, and must still get what was said before")
			a.expectEnd("a client has finished sending, and the server must close")
		},
	},
	{
		Name: "pending-at-the-end", Rule: "a client that has finished sending still gets what was pending for it",
		Source: "nc -N", Hint: "who reads tells who writes that it is over; does the writer look at its queue once more?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.dial()
			slow := server.dialSmall(16)
			for i := range 10 {
				speaker.say(fmt.Sprintf("message number %d", i))
				subject.Settle() // the writer is in the middle of the first one
			}
			require.NoError(t, slow.conn.CloseWrite())
			subject.Settle()
			speaker.say("too late")
			for i := range 10 {
				slow.expect(speaker.line(fmt.Sprintf("message number %d", i)), "ten messages were pending for a client when it half-closed")
			}
			for line, err := slow.read(patience); err == nil; line, err = slow.read(patience) {
				require.Equal(t, speaker.line("too late"), line, "nothing else was said")
			}
			subject.Settle()
			require.True(t, slow.closedByServer(), "a client has finished sending, has got everything, and the server keeps it")
		},
	},
	{
		Name: "flood-end", Rule: "a client can leave in the middle of a flood",
		Source: "contract point 9", Hint: "write what was pending when the client left: in a flood there is always more",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			speaker, leaver := server.dial(), server.dialSmall(64)
			stop := make(chan struct{})
			defer close(stop)
			go func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(time.Millisecond):
						speaker.mutter(strings.Repeat("and so on ", 5))
					}
				}
			}()
			leaver.next("somebody speaks all the time")
			time.Sleep(time.Second) // there is always something pending for it now
			require.NoError(t, leaver.conn.CloseWrite())
			for lines := 0; ; lines++ {
				if _, err := leaver.read(patience); err != nil {
					break
				}
				time.Sleep(2 * time.Millisecond) // slower than what is said
				require.Less(t, lines, 1000, "a client has finished sending, and a thousand lines later its connection still has not ended")
			}
		},
	},
	{
		Name: "reset", Rule: "a client that resets its connection ends that connection alone",
		Source: "RFC 9293 section 3.5.2", Hint: "what does everybody else see when one write fails?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seat(2)
			for i := range 10 {
				rude := server.dial()
				rude.say(fmt.Sprintf("rude %d", i))
				room[0].skipTo(rude.line(fmt.Sprintf("rude %d", i)))
				require.NoError(t, rude.conn.SetLinger(0))
				require.NoError(t, rude.conn.Close())
				room[0].say(fmt.Sprintf("calm %d", i))
				room[1].skipTo(room[0].line(fmt.Sprintf("calm %d", i)))
			}
		},
	},
	{
		Name: "come-and-go", Rule: "clients that come and leave, leave the server as it was",
		Source: "CWE-772, missing release of a resource", Hint: "a client has two goroutines: what ends the one when the other has ended?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seat(2)
			before := runtime.NumGoroutine()
			for i := range 200 {
				guest := server.dial()
				switch i % 4 {
				case 0: // says something and leaves
					guest.say("hello and goodbye")
					room[1].skipTo(guest.line("hello and goodbye"))
				case 1: // leaves in the middle of a line
					guest.send("I am just")
				case 2:
					require.NoError(t, guest.conn.CloseWrite())
					guest.skipToEnd()
				case 3:
					require.NoError(t, guest.conn.SetLinger(0))
				}
				guest.conn.Close()
			}
			room[0].say("is anybody there?")
			room[1].skipTo(room[0].line("is anybody there?"))
			// Over loopback the server learns of the last ones a little later.
			after := runtime.NumGoroutine()
			for start := time.Now(); after > before+10 && time.Since(start) < patience/2; after = runtime.NumGoroutine() {
				time.Sleep(10 * time.Millisecond)
			}
			require.LessOrEqual(t, after, before+10, "200 clients have come and gone, and there are %d goroutines more than before", after-before)
		},
	},
	{
		Name: "stuck-and-gone", Rule: "a client that has finished sending and does not read is gone after the time limit for writes",
		Source: "contract point 9", Hint: "the writer is blocked, and the reader waits for it: who ends that?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{WriteTimeout: 10 * time.Second})
			speaker, stuck := server.dial(), server.dialSmall(16)
			speaker.say("a line that is longer than sixteen bytes")
			subject.Settle()
			require.NoError(t, stuck.conn.CloseWrite())
			time.Sleep(20 * time.Second)
			subject.Settle()
			require.True(t, stuck.closedByServer(), "a client has half-closed and does not read, and after 20 s the server still waits for it; the limit is 10 s")
		},
	},
	{
		Name: "stop", Rule: "a stopping server delivers what was said, and ends the connections",
		Source: "context.Context", Hint: "Read knows nothing of contexts: context.AfterFunc can set a read deadline in the past",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{DrainTimeout: patience})
			room := server.seat(3)
			room[0].say("the last word")
			room[1].expect(room[0].line("the last word"), "a client spoke")
			began := time.Now()
			server.Stop()
			room[2].expect(room[0].line("the last word"), "what was said before the server stopped must be delivered")
			for _, c := range room {
				c.expectEnd("the server is stopping")
			}
			server.stopped("all clients have gone")
			require.Less(t, time.Since(began), patience/2, "the server is stopping, all clients read, and it took as long as if one did not")
		},
	},
	{
		Name: "stop-stuck", Rule: "a client that does not read delays the stop no longer than the drain time, and is no error",
		Source: "step 1's tcp.Server.DrainTimeout", Hint: "who ends a writer that is blocked when the server stops?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{DrainTimeout: 2 * time.Second})
			speaker := server.dial()
			server.dialSmall(16)
			speaker.say("a line that is longer than sixteen bytes")
			subject.Settle()
			began := time.Now()
			server.Stop()
			server.stopped("one client does not read")
			require.LessOrEqual(t, time.Since(began), 4*time.Second, "one client does not read, and the server took long to stop")
		},
	},
}

// skipToEnd reads until the server closes.
func (c *client) skipToEnd() {
	c.t.Helper()
	for {
		if _, err := c.read(patience); err != nil {
			require.Equal(c.t, "the server closed the connection", Explain(err), "the client has finished sending")
			return
		}
	}
}
