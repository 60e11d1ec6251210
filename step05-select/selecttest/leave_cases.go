package selecttest

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/chattest"
)

// How clients and the server end.
var leaveCases = []lesson.Case[Subject]{
	{
		Name: "quit", Rule: "/quit says goodbye and ends the connection; what was pending comes before that, and what was typed after it is not heard",
		Source: "IRC's QUIT", Hint: "the loop ends when all is written, and not before; and who closes with something unread resets the connection",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			a.send("so long\n/quit\nand thanks\n" + strings.Repeat("and ", 10_000)) // more than is read at once
			b.expect(a.line("so long"), "a client spoke and left")
			b.expect("* "+a.name+" has left #lobby", "a client said /quit")
			subject.Settle() // a server that closes with all that unread has reset the connection by now
			a.expect("* goodbye", "a client said /quit")
			a.expectEnd("a client said /quit")
		},
	},
	{
		Name: "left-told", Rule: "that a client has gone is told to its room, however it has gone",
		Source: "contract point 14", Hint: "one place where a client ends, whatever the reason",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			witness := server.dial()
			for how, leave := range map[string]func(c *guest){
				"said /quit":            func(c *guest) { c.say("/quit") },
				"half-closed":           func(c *guest) { require.NoError(t, c.conn.CloseWrite()) },
				"closed its connection": func(c *guest) { require.NoError(t, c.conn.Close()) },
				"reset its connection": func(c *guest) {
					require.NoError(t, c.conn.SetLinger(0))
					require.NoError(t, c.conn.Close())
				},
			} {
				c := server.dial()
				witness.expect("* "+c.name+" has joined #lobby", "a client has come")
				leave(c)
				witness.expect("* "+c.name+" has left #lobby", "a client has "+how)
			}
		},
	},
	{
		Name: "half-close", Rule: "what a client says before its FIN is delivered, it gets what others said before, and then the server closes",
		Source: "nc -N; RFC 9293 section 3.6", Hint: "io.EOF says that the client has finished sending, not that it has stopped reading",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(3)
			a, b, witness := room[0], room[1], room[2]
			b.say("before you go")
			b.say("and one more")
			a.expect(b.line("before you go"), "a client must get what others say")
			witness.skipTo(b.line("and one more"), "a client spoke") // now it is said, and a has not read it
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
		Source: "nc -N", Hint: "is there a last look at what is pending, and is it written before the connection ends?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.seatMuted(1)[0]
			slow := server.dialSmall(16)
			for i := range 10 {
				speaker.say(fmt.Sprintf("message number %d", i))
				subject.Settle() // the server is in the middle of writing the first one
			}
			speaker.say("/msg " + slow.name + " psst")
			subject.Settle()
			require.NoError(t, slow.conn.CloseWrite())
			subject.Settle()
			speaker.say("too late")
			wanted := map[string]bool{speaker.whisper(slow, "psst"): true}
			for i := range 10 {
				wanted[speaker.line(fmt.Sprintf("message number %d", i))] = true
			}
			for line, err := slow.read(patience); err == nil; line, err = slow.read(patience) {
				require.True(t, wanted[line] || line == speaker.line("too late"), "unexpected line %q", line)
				delete(wanted, line)
			}
			require.Empty(t, wanted, "ten messages and a whisper were pending for a client when it half-closed, and these are lost")
			subject.Settle()
			require.True(t, slow.serverEnd().Closed(), "a client has finished sending, has got everything, and the server keeps it")
		},
	},
	{
		Name: "flood-end", Rule: "a client can leave in the middle of a flood",
		Source: "contract point 19", Hint: "write what was pending when the client left: in a flood there is always more",
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
		Name: "end-in-flood", Rule: "who finishes sending while others must catch up is heard to the end, too",
		Source: "contract point 19", Hint: "the end has come, and is not heard yet: what does a receive from a closed channel give, and how often?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 8})
			for range 10 {
				talker := server.dial()
				var room []*guest
				for range 10 {
					room = append(room, server.dial())
				}
				talker.send(strings.Repeat("and so on\n", 200))
				for _, c := range room {
					require.NoError(t, c.conn.CloseWrite())
				}
				for _, c := range room {
					c.skipToEnd("a client has finished sending while somebody talks fast")
				}
				talker.say("/quit")
				talker.skipToEnd("a client said /quit")
			}
		},
	},
	{
		Name: "reset", Rule: "a client that resets its connection ends that connection alone",
		Source: "RFC 9293 section 3.5.2", Hint: "what does everybody else see when one write fails?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seatMuted(2)
			for i := range 10 {
				rude := server.dial()
				rude.say(fmt.Sprintf("rude %d", i))
				room[0].skipTo(rude.line(fmt.Sprintf("rude %d", i)), "clients speak and reset their connections, one after the other")
				require.NoError(t, rude.conn.SetLinger(0))
				require.NoError(t, rude.conn.Close())
				room[0].say(fmt.Sprintf("calm %d", i))
				room[1].skipTo(room[0].line(fmt.Sprintf("calm %d", i)), "clients reset their connections, and another one spoke")
			}
		},
	},
	{
		Name: "come-and-go", Rule: "clients that come and leave, leave the server as it was",
		Source: "CWE-772, missing release of a resource", Hint: "what has a client that can outlive it: a goroutine, a timer, a place in a room?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seatMuted(2)
			before := runtime.NumGoroutine()
			for i := range 200 {
				guest := server.dial()
				switch i % 5 {
				case 0: // says something and leaves
					guest.say("hello and goodbye")
					room[1].skipTo(guest.line("hello and goodbye"), "a client spoke")
				case 1: // leaves in the middle of a line
					guest.send("I am just")
				case 2:
					require.NoError(t, guest.conn.CloseWrite())
					guest.skipToEnd("a client has finished sending")
				case 3:
					require.NoError(t, guest.conn.SetLinger(0))
				case 4:
					guest.join(fmt.Sprintf("#room%d", i))
				}
				guest.conn.Close()
			}
			// Over loopback the server learns of the last ones a little later.
			const all = "* 2 people in #lobby"
			who, after := "", 0
			for start := time.Now(); time.Since(start) < patience/2; time.Sleep(10 * time.Millisecond) {
				room[0].say("/who")
				who = room[0].skipUntil(func(line string) bool { return strings.Contains(line, " in #lobby: ") }, "a client asks who is here")
				if after = runtime.NumGoroutine(); strings.HasPrefix(who, all) && after <= before+10 {
					break
				}
			}
			require.LessOrEqual(t, after, before+10, "200 clients have come and gone, and there are %d goroutines more than before", after-before)
			require.True(t, strings.HasPrefix(who, all), "200 clients have come and gone, two have stayed, and /who says %s", chattest.Quote(who))
		},
	},
	{
		Name: "stuck-and-gone", Rule: "a client that has finished sending and does not read is gone after the time limit for writes",
		Source: "contract point 19", Hint: "the last write, too, needs a deadline",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{WriteTimeout: 10 * time.Second})
			speaker, stuck := server.dial(), server.dialSmall(16)
			for range 2 {
				speaker.say("a line that is longer than sixteen bytes")
				subject.Settle()
			}
			require.NoError(t, stuck.conn.CloseWrite())
			time.Sleep(20 * time.Second)
			subject.Settle()
			require.True(t, stuck.serverEnd().Closed(), "a client has half-closed and does not read, and after 20 s the server still waits for it; the limit is 10 s")
		},
	},
}

const farewell = "* the server stops; goodbye"

// How the server ends.
var stopCases = []lesson.Case[Subject]{
	{
		Name: "stop", Rule: "a stopping server delivers what was said, tells everybody, and ends the connections",
		Source: "context.Context", Hint: "the server's end is one more thing that each client's loop waits for",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{DrainTimeout: patience})
			room := server.seatMuted(4)
			room[3].join("#go")
			room[0].say("the last word")
			room[1].expect(room[0].line("the last word"), "a client spoke")
			began := time.Now()
			server.Stop()
			room[2].expect(room[0].line("the last word"), "what was said before the server stopped must be delivered")
			for _, c := range room {
				c.expect(farewell, "the server is stopping, and must say so")
				c.expectEnd("the server is stopping")
			}
			server.stopped("all clients have gone")
			require.Less(t, time.Since(began), patience/2, "the server is stopping, all clients read, and it took as long as if one did not")
		},
	},
	{
		Name: "stop-pending", Rule: "a stopping server gives a slow client time to read what was said before",
		Source: "contract point 18", Hint: "what is pending when the end comes is still to be written, and then the farewell",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64, DrainTimeout: patience})
			speaker := server.seatMuted(1)[0]
			slow := server.dialSmall(32)
			slow.mute()
			for i := range 20 {
				speaker.say(fmt.Sprintf("message number %d", i))
				subject.Settle()
			}
			server.Stop()
			for i := range 20 {
				subject.Settle()
				slow.expect(speaker.line(fmt.Sprintf("message number %d", i)), "twenty messages were pending for a client when the server stopped")
			}
			slow.expect(farewell, "the server is stopping, and must say so")
			slow.expectEnd("the server is stopping")
			server.stopped("all clients have gone")
		},
	},
	{
		Name: "stop-flood", Rule: "a server can stop in the middle of a flood",
		Source: "contract point 18", Hint: "who is told that the server stops is no longer listened to",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64, DrainTimeout: 2 * time.Second})
			room := server.seatMuted(4)
			for _, c := range room[:2] {
				go func() {
					for {
						if err := c.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
							return
						}
						if _, err := c.conn.Write([]byte(strings.Repeat("and so on\n", 20))); err != nil {
							return
						}
						time.Sleep(time.Millisecond)
					}
				}()
				go func() {
					for {
						if _, err := c.conn.Read(make([]byte, 4096)); err != nil {
							return
						}
					}
				}()
			}
			go func() {
				time.Sleep(time.Second)
				server.Stop()
			}()
			for _, c := range room[2:] {
				c.skipTo(farewell, "the server is stopping while others talk")
				c.expectEnd("the server is stopping while others talk")
			}
			server.stopped("two clients talk all the time")
		},
	},
	{
		Name: "stop-stuck", Rule: "a client that does not read delays the stop no longer than the drain time, and is no error",
		Source: "step 1's tcp.Server.DrainTimeout", Hint: "who ends a write that waits when the server stops?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{DrainTimeout: 2 * time.Second})
			speaker := server.dial()
			server.dialSmall(16)
			for range 2 {
				speaker.say("a line that is longer than sixteen bytes")
				subject.Settle()
			}
			began := time.Now()
			server.Stop()
			server.stopped("one client does not read")
			require.LessOrEqual(t, time.Since(began), 4*time.Second, "one client does not read, and the server took long to stop")
		},
	},
}
