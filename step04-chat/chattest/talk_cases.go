package chattest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
)

// Who gets what, and in which order.
var talkCases = []lesson.Case[Subject]{
	{
		Name: "broadcast", Rule: "what one client says, all others get as one line, with its address before it",
		Source: "the article", Hint: "every client's writer must see every message",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(4)
			for i, from := range room {
				text := fmt.Sprintf("I am number %d", i)
				from.say(text)
				for k, to := range room {
					if k != i {
						to.expect(from.line(text), "one client spoke, and each of the others must get it")
					}
				}
			}
		},
	},
	{
		Name: "not-to-the-sender", Rule: "a client does not get what it says itself",
		Source: "the article", Hint: "a message must know whose it is",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			a.say("one")
			b.expect(a.line("one"), "a spoke")
			b.say("two")
			a.expect(b.line("two"), "a said one, then b said two; a must get the second only")
		},
	},
	{
		Name: "one-order", Rule: "all see the messages in one order, and those of one client in the order in which it said them",
		Source: "tokio::sync::broadcast", Hint: "two messages must not be handed out at the same time",
		Check: func(t lesson.T, subject Subject) {
			const senders, each = 4, 50
			room := serve(t, subject, Settings{Capacity: 1024}).seat(senders + 2)
			for i := range each {
				for k, from := range room[:senders] {
					// Several at a time, so that the server hands them out while others speak.
					if i%10 == 0 {
						var burst strings.Builder
						for j := range 10 {
							fmt.Fprintf(&burst, "%d %d\n", k, i+j)
						}
						from.send(burst.String())
					}
				}
			}
			var last [senders]int
			for range senders * each {
				one := room[senders].next("four clients speak")
				other := room[senders+1].next("four clients speak")
				require.Equal(t, one, other, "two clients got the messages in different orders")
				var from, number int
				_, text, _ := strings.Cut(one, "] ")
				_, err := fmt.Sscanf(text, "%d %d", &from, &number)
				require.NoError(t, err, "unexpected line %q", one)
				require.Equal(t, last[from], number, "the messages of one client came in another order than it said them")
				last[from]++
			}
		},
	},
	{
		Name: "from-now-on", Rule: "a client gets what is said after it came, and nothing older",
		Source: "tokio::sync::broadcast::Sender::subscribe", Hint: "where does a new receiver begin?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seat(2)
			room[0].say("before")
			room[1].expect(room[0].line("before"), "the first client spoke")
			late := server.dial()
			subject.Settle()
			late.say("here I am")
			room[0].expect(late.line("here I am"), "a client came late, and spoke")
			room[0].say("after")
			late.expect(room[0].line("after"), "a client that came late got a message from before its time")
		},
	},
	{
		Name: "one-write", Rule: "what is pending for a client leaves in one write",
		Source: "contract point 13", Hint: "take all that is there before you write: each write costs more than what it writes",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const pending = 50
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.dial()
			slow := server.dialSmall(32)
			speaker.say(strings.Repeat("the first write waits for the client ", 2))
			subject.Settle() // the writer is in the middle of it
			before := slow.conn.(*memnet.Conn).Peer().Writes()
			for i := range pending {
				speaker.say(fmt.Sprint(i))
			}
			subject.Settle()
			slow.next("a client spoke")
			for i := range pending {
				slow.expect(speaker.line(fmt.Sprint(i)), "many messages were pending")
			}
			writes := slow.conn.(*memnet.Conn).Peer().Writes() - before
			require.LessOrEqual(t, writes, 2, "%d messages were pending for a client, and were written with %d writes", pending, writes)
		},
	},
}
