package selecttest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/chattest"
)

// Clients that don't read. They need a connection with little room, so they are judged in memory.
var slowCases = []lesson.Case[Subject]{
	{
		Name: "stuck-isolation", Rule: "a client that does not read delays nobody, whatever the others do",
		Source: "the classic textbook chat", Hint: "who waits for whom when a client's channel is full, or while a lock is held?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			room := server.seatMuted(2)
			a, b := room[0], room[1]
			stuck := server.dialSmall(16) // does not read any more
			began := time.Now()
			for i := range 1000 {
				a.say(fmt.Sprint(i))
				b.expect(a.line(fmt.Sprint(i)), "one client does not read, and another one no longer gets what is said")
			}
			for range 100 {
				a.say("/msg " + stuck.name + " are you there?")
			}
			a.say("/msg " + a.name + " fence")
			a.skipTo(a.whisper(a, "fence"), "one client does not read, and another one whispers to it")
			a.say("/nick alice")
			a.nextWith(namedAs, "one client does not read, and another one wants a name")
			a.say("/join #go")
			a.nextWith("* you are in #go", "one client does not read, and another one goes to another room")
			server.dial().say("I am new")
			b.skipUntil(func(line string) bool { return strings.HasSuffix(line, "] I am new") }, "one client does not read, and a new one is not heard")
			require.Zero(t, time.Since(began), "one client does not read, and the others had to wait for it")
		},
	},
	{
		Name: "lag-told", Rule: "who has read too slowly is told, at the gap, how many messages of others it missed, exactly",
		Source: "tokio::sync::broadcast::error::RecvError::Lagged", Hint: "count what is dropped for this client, and tell the client itself, in the place where it is missing",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const capacity = 8
			server := serve(t, subject, Settings{Capacity: capacity})
			speaker := server.dial()
			slow := server.dialSmall(32)
			next := 0
			for round := range 3 {
				const said = 100
				for i := range said {
					speaker.say(strconv.Itoa(next + i))
					subject.Settle()
				}
				for end := next + said; next < end; {
					line := slow.next("a client that was slow goes on reading")
					if missed, ok := chattest.MissedCount(line); ok {
						require.NotZero(t, missed, "a notice says that nothing was missed")
						next += missed
						continue
					}
					require.Equal(t, speaker.line(strconv.Itoa(next)), line, "round %d: %d messages were said, and one who was slow got, or was told of, those before %d", round, said, next)
					next++
				}
			}
		},
	},
	{
		Name: "lag-of-others", Rule: "what a client says itself does not count as missed",
		Source: "contract point 12", Hint: "a ring counts all messages; whose were they?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 8})
			room := server.seatMuted(2)
			speaker, listener := room[0], room[1]
			slow := server.dialSmall(32)
			const said = 40
			for i := range said {
				speaker.say(fmt.Sprintf("message %d", i))
				listener.next("a client spoke")
				// Its own: the server may leave them unread as long as the client itself does not read.
				slow.mutter("own")
				subject.Settle()
			}
			got, told := 0, 0
			for got+told < said {
				line := slow.next(fmt.Sprintf("others said %d messages; of these a slow client got %d, and was told of %d", said, got, told))
				if missed, ok := chattest.MissedCount(line); ok {
					told += missed
				} else {
					got++
				}
				require.LessOrEqual(t, got+told, said, "others said %d messages; a slow client got %d, and was told that it missed %d", said, got, told)
			}
			require.NotZero(t, told, "the client can't have got all")
		},
	},
	{
		Name: "whisper-stuck", Rule: "who whispers to somebody who does not read is told when it is lost, and what is not lost arrives",
		Source: "contract point 12", Hint: "an inbox has a limit, too: who learns that it is full?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			a := server.seatMuted(1)[0]
			stuck := server.dialSmall(16)
			const whispered = 300
			var gone []string
			for i := range whispered {
				line := a.whisper(stuck, fmt.Sprint(i))
				a.say(fmt.Sprintf("/msg %s %d", stuck.name, i))
				if answer := a.next("a client whispers to one who does not read"); answer == line {
					gone = append(gone, line)
				} else {
					require.True(t, strings.HasPrefix(answer, "* "), "a client whispers to one who does not read, and gets the answer %q", answer)
				}
			}
			require.Less(t, len(gone), whispered, "%d whispers to a client that does not read: they can't all be kept for it", whispered)
			for _, line := range gone {
				stuck.expect(line, "the sender was shown that this has gone")
			}
			stuck.nothingNew("the sender was told that the others are lost")
		},
	},
	{
		Name: "bounded-queue", Rule: "a client that does not read costs a bounded amount of memory",
		Source: "CWE-770, allocation without limits", Hint: "what does a queue without a limit hold after an hour?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			room := server.seatMuted(2)
			stuck := server.dialSmall(16)
			text := strings.Repeat("x", 2000)
			before := chattest.LiveMemory()
			for range 3000 {
				room[0].say(text)
				room[1].next("a client spoke")
			}
			for range 2000 {
				room[0].say("/msg " + stuck.name + " " + text)
				room[0].next("a client whispers to one who does not read")
			}
			grown := int64(chattest.LiveMemory() - before)
			require.Less(t, grown, int64(2<<20), "one client did not read while others said 6 MB, and whispered 4 MB to it, and the server holds %d KiB more", grown>>10)
		},
	},
	{
		Name: "write-timeout", Rule: "a client that does not read is cut off after the time limit for writes",
		Source: "net/http.Server.WriteTimeout", Hint: "a write that waits for a client needs a deadline, however it waits",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const limit = 10 * time.Second
			server := serve(t, subject, Settings{WriteTimeout: limit})
			room := server.seatMuted(2)
			stuck := server.dialSmall(16)
			// Twice: a network may take one write before it is made.
			for range 2 {
				room[0].say("a line that is longer than sixteen bytes")
				subject.Settle()
			}
			time.Sleep(limit - time.Second)
			subject.Settle()
			require.False(t, stuck.serverEnd().Closed(), "a client has not read for 9 s, and was cut off before the limit of 10 s")
			time.Sleep(limit)
			subject.Settle()
			require.True(t, stuck.serverEnd().Closed(), "a client has not read for 19 s, the limit is 10 s, and the server still waits for it")
			room[1].say("/who")
			who := room[1].skipUntil(func(line string) bool {
				return strings.HasPrefix(line, "* 2 people") || strings.HasPrefix(line, "* 3 people")
			}, "a client asks who is here")
			require.NotContains(t, who, stuck.name, "a client was cut off, and is still in the room")
		},
	},
	{
		Name: "slow-stays", Rule: "a client that is slow but reads is not cut off",
		Source: "centrifuge issue 255", Hint: "a full queue is a reason to drop messages, not clients",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 8, WriteTimeout: 30 * time.Second})
			speaker, slow := server.dial(), server.dialSmall(64)
			for i := range 90 {
				for k := range 20 {
					speaker.say(fmt.Sprintf("second %d, message %d", i, k))
				}
				time.Sleep(time.Second)
				slow.next("a client reads a line a second")
			}
			subject.Settle()
			require.False(t, slow.serverEnd().Closed(), "a client reads a line a second, and was cut off")
		},
	},
}
