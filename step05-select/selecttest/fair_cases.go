package selecttest

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// Clients that talk too much.
var fairCases = []lesson.Case[Subject]{
	{
		Name: "command-in-flood", Rule: "however much others say, a client's own commands are heard",
		Source: "contract point 16", Hint: "a select that looks for messages first, and takes one each time, never gets to anything else",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.seatMuted(1)[0]
			slow := server.dialSmall(64)
			text := strings.Repeat("and so on ", 20)
			speaker.say(text)
			speaker.say(text)
			subject.Settle() // from now on something is pending for the client whenever a write of its has ended
			slow.mutter("/msg " + slow.name + " heard")
			// A select chooses at random: that it chooses wrongly sixty times in a row does not happen.
			for lines := 0; ; lines++ {
				require.Less(t, lines, 60, "a client has typed a command while others talk, and so many messages later it is not answered")
				if slow.next("others talk") == slow.whisper(slow, "heard") {
					return
				}
				speaker.say(text)
				subject.Settle()
			}
		},
	},
	{
		Name: "message-in-own-flood", Rule: "however much a client says, it gets what others say",
		Source: "contract point 16", Hint: "who has sent a thousand lines at once has its turn, and then others have theirs",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.seatMuted(1)[0]
			busy := server.dialSmall(256)
			const asked = 2000
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = io.WriteString(busy.conn, strings.Repeat("/me\n", asked))
			}()
			subject.Settle() // it is being answered, and has not read the answers yet
			speaker.say("hello")
			subject.Settle()
			answered, heard := 0, -1
			for ; answered < asked; answered++ {
				subject.Settle() // the next answers wait by now
				if busy.next("a client asks for something, two thousand times at once") == speaker.line("hello") {
					heard = answered
					answered--
				}
			}
			<-done
			require.NotEqual(t, -1, heard, "somebody said hello, and a client that talks all the time has not got it")
			require.Less(t, heard, 500, "somebody said hello while a client talked all the time, and it got that so many answers later")
		},
	},
	{
		Name: "rate-burst", Rule: "a burst of lines passes at once, and what is more is delayed to the rate, while nobody else is disturbed",
		Source: "contract point 16; golang.org/x/time/rate", Hint: "a bucket of tokens; what waits for a token must not make others wait",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const burst, more = 20, 10
			server := serve(t, subject, Settings{Rate: 10, Burst: burst})
			room := server.seatMuted(3)
			a, b, c := room[0], room[1], room[2]
			time.Sleep(time.Minute)
			began := time.Now()
			var text strings.Builder
			for i := range burst + more {
				fmt.Fprintln(&text, i)
			}
			a.send(text.String())
			for i := range burst {
				b.expect(a.line(fmt.Sprint(i)), "a client pastes a text")
			}
			require.Zero(t, time.Since(began), "a client pastes a text that is no longer than the burst that it may say")
			subject.Settle()
			c.say("what is that?")
			a.skipTo(c.line("what is that?"), "a client has pasted a text, and must get what others say meanwhile")
			require.Zero(t, time.Since(began), "one client says more than it may, and others had to wait")
			for i := range more {
				line := b.next("a client pastes a text")
				if line == c.line("what is that?") {
					line = b.next("a client pastes a text")
				}
				require.Equal(t, a.line(fmt.Sprint(burst+i)), line, "a client pastes a text that is longer than the burst that it may say")
				// One line may have had its token already before the burst.
				due := float64(i+1) / 10
				require.InDelta(t, due, time.Since(began).Seconds(), 0.101, "ten lines a second are allowed, and line %d after the burst came after %v", i+1, time.Since(began))
			}
		},
	},
	{
		Name: "rate-refused", Rule: "who says too much for long is refused, and told of each line, until it pauses",
		Source: "contract point 16", Hint: "delay first, and refuse what does not end; never without a word",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const said = 400
			server := serve(t, subject, Settings{Rate: 10, Burst: 10, Capacity: 1024})
			room := server.seatMuted(2)
			a, b := room[0], room[1]
			a.send(strings.Repeat("and so on\n", said))
			time.Sleep(2 * time.Minute)
			heard := 0
			a.say("/msg " + b.name + " fence")
			b.skipUntil(func(line string) bool {
				if line == a.line("and so on") {
					heard++
				}
				return line == a.whisper(b, "fence")
			}, "a client has talked too much, has paused for long, and speaks again")
			refused := 0
			a.skipUntil(func(line string) bool {
				if strings.Contains(line, "nobody has got your line") {
					refused++
				} else if n := 0; strings.HasPrefix(line, "* you talk too much") {
					_, err := fmt.Sscanf(line, "* you talk too much: nobody has got %d of your lines", &n)
					require.NoError(t, err, "a notice that is not known: %q", line)
					refused += n
				}
				return line == a.whisper(b, "fence")
			}, "a client has talked too much")
			require.Equal(t, said, heard+refused, "a client said so many lines; others heard %d, and it was told that %d were refused", heard, refused)
			require.Less(t, heard, said/2, "a client says ten lines a second, for 40 s; its burst is 10, and so many were heard")
			require.Greater(t, heard, 10, "a client said more than its burst of 10, and should have been made to wait first")
		},
	},
	{
		Name: "rate-pushback", Rule: "who says more than it may is not read, and so TCP makes it wait",
		Source: "contract point 16; RFC 9293 section 3.8.6", Hint: "lines that are read and kept for later are memory that the client fills",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Rate: 10, Burst: 10})
			hasty := server.dialSmall(256)
			go func() { _, _ = io.Copy(io.Discard, hasty.conn) }() // who is told what it says itself, must read that
			line := strings.Repeat("x", 99) + "\n"
			require.NoError(t, hasty.conn.SetWriteDeadline(time.Now().Add(5*time.Second)))
			sent, err := io.WriteString(hasty.conn, strings.Repeat(line, 10000))
			require.Error(t, err, "a client may say ten lines a second, and has said ten thousand at once: the server has read all of them")
			// 60 lines are said by now; the rest is what fits into buffers.
			require.Less(t, sent, 32<<10, "a client may say ten lines of 100 bytes a second, and the server has read so many bytes in 5 s")
			require.Greater(t, sent, 5000, "a client may say ten lines of 100 bytes a second, and so many bytes were read in 5 s")
		},
	},
	{
		Name: "rate-and-end", Rule: "who pastes more than it may say at once, and then half-closes, is heard to the end",
		Source: "nc -N < file", Hint: "the end has come, and lines before it still wait: what does a receive from a closed channel give, and how often?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const said = 30
			server := serve(t, subject, Settings{Rate: 10, Burst: 5})
			room := server.seatMuted(2)
			a, b := room[0], room[1]
			for i := range said {
				a.say(fmt.Sprint(i))
			}
			require.NoError(t, a.conn.CloseWrite())
			for i := range said {
				b.expect(a.line(fmt.Sprint(i)), "a client said thirty lines at once, may say five, and half-closed")
			}
			a.expectEnd("a client has half-closed, and all that it said was heard")
		},
	},
}
