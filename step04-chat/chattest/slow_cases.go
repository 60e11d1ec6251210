package chattest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
)

// Clients that don't read. They need a connection with little room, so they are judged in memory.
var slowCases = []lesson.Case[Subject]{
	{
		Name: "stuck-isolation", Rule: "a client that does not read delays nobody",
		Source: "the classic textbook chat", Hint: "who waits for whom when a client's channel is full, or while a lock is held?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			room := server.seat(2)
			server.dialSmall(16) // never reads
			began := time.Now()
			for i := range 1000 {
				room[0].say(fmt.Sprint(i))
				room[1].expect(room[0].line(fmt.Sprint(i)), "one client does not read, and another one no longer gets what is said")
			}
			server.dial().say("I am new")
			room[1].skipToSuffix("] I am new")
			require.Zero(t, time.Since(began), "one client does not read, and the others had to wait for it")
		},
	},
	{
		Name: "lag-told", Rule: "who has read too slowly is told, at the gap, how many messages of others it missed, exactly",
		Source: "tokio::sync::broadcast::error::RecvError::Lagged", Hint: "count what is dropped for this client, and tell the client itself",
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
					if missed, ok := MissedCount(line); ok {
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
			speaker, listener := server.dial(), server.dial()
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
				if missed, ok := MissedCount(line); ok {
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
		Name: "bounded-queue", Rule: "a client that does not read costs a bounded amount of memory",
		Source: "CWE-770, allocation without limits", Hint: "what does a queue without a limit hold after an hour?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			room := server.seat(2)
			server.dialSmall(16)
			text := strings.Repeat("x", 2000)
			before := LiveMemory()
			for range 5000 {
				room[0].say(text)
				room[1].next("a client spoke")
			}
			grown := int64(LiveMemory() - before)
			require.Less(t, grown, int64(2<<20), "one client did not read while others said 10 MB, and the server holds %d KiB more", grown>>10)
		},
	},
	{
		Name: "write-timeout", Rule: "a client that does not read is cut off after the time limit for writes",
		Source: "net/http.Server.WriteTimeout", Hint: "a Write that waits for a client needs a deadline",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const limit = 10 * time.Second
			server := serve(t, subject, Settings{WriteTimeout: limit})
			speaker, stuck := server.dial(), server.dialSmall(16)
			speaker.say("a line that is longer than sixteen bytes")
			time.Sleep(limit - time.Second)
			subject.Settle()
			require.False(t, stuck.closedByServer(), "a client has not read for 9 s, and was cut off before the limit of 10 s")
			time.Sleep(limit)
			subject.Settle()
			require.True(t, stuck.closedByServer(), "a client has not read for 19 s, the limit is 10 s, and the server still waits for it")
		},
	},
	{
		Name: "cut-crowd", Rule: "clients that talk and don't read are heard no more when they have been cut off, however much they had sent, and nobody has to wait for them",
		Source: "contract point 12", Hint: "the writer has ended, and the reader still holds a hundred lines: who slows it down now?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const limit = 10 * time.Second
			server := serve(t, subject, Settings{Capacity: 16, WriteTimeout: limit})
			room := server.seat(2)
			var crowd []*client
			for range 20 {
				crowd = append(crowd, server.dialSmall(256))
			}
			room[0].say(strings.Repeat("x", 1000)) // more than their connections hold
			for i := range 12 {
				room[0].say(fmt.Sprint(i)) // what they are behind
				room[1].skipTo(room[0].line(fmt.Sprint(i)))
			}
			for _, c := range crowd {
				c.send(strings.Repeat("f\n", 100))
			}
			subject.Settle()
			room[0].say("before")
			room[1].skipTo(room[0].line("before"))
			time.Sleep(2 * limit)
			subject.Settle()
			for i, c := range crowd {
				require.True(t, c.closedByServer(), "a client has not read for %v, and was not cut off: number %d of %d", 2*limit, i+1, len(crowd))
			}
			for i := range 10 {
				room[0].say(fmt.Sprint("after ", i))
				room[1].expect(room[0].line(fmt.Sprint("after ", i)), "clients that talked and did not read have been cut off; from then on only the others are heard")
			}
		},
	},
	{
		Name: "slow-stays", Rule: "a client that is slow but reads is not cut off",
		Source: "centrifuge issue 255", Hint: "a full queue is a reason to drop messages, not clients",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 8, WriteTimeout: 30 * time.Second})
			speaker, slow := server.dial(), server.dialSmall(64)
			for i := range 60 {
				for k := range 20 {
					speaker.say(fmt.Sprintf("minute %d, message %d", i, k))
				}
				time.Sleep(time.Second)
				slow.next("a client reads a line a second")
			}
			subject.Settle()
			require.False(t, slow.closedByServer(), "a client reads a line a second, and was cut off")
		},
	},
}

// skipToSuffix reads until a line ends with this.
func (c *client) skipToSuffix(suffix string) {
	c.t.Helper()
	for !strings.HasSuffix(c.next(fmt.Sprintf("somebody said %q", suffix)), suffix) {
	}
}

// mutter is say for a client that the server may not listen to for the moment.
func (c *client) mutter(text string) {
	_ = c.conn.SetWriteDeadline(time.Now().Add(time.Millisecond))
	_, _ = c.conn.Write([]byte(text + "\n"))
}

// closedByServer reports whether the server has closed its end. It is for cases in memory.
func (c *client) closedByServer() bool { return c.conn.(*memnet.Conn).Peer().Closed() }
