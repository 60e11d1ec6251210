package selecttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// Who gets what, and in which order.
var talkCases = []lesson.Case[Subject]{
	{
		Name: "greeting", Rule: "everybody begins in #lobby, and is told first what it is called and where it is",
		Source: "contract point 14", Hint: "what does a client have to read before it has typed anything?",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			var names []string
			for _, others := range []string{"alone", "with 1 other", "with 2 others"} {
				c := server.connect()
				name := strings.TrimPrefix(c.nextWith(namedAs, "the first line says what the client is called"), namedAs)
				require.False(t, slices.Contains(names, name), "two clients are called %s", name)
				names = append(names, name)
				c.expect("* you are in #lobby, "+others, "the second line says where the client is, and with how many others")
			}
		},
	},
	{
		Name: "broadcast", Rule: "what one client says, all others in its room get as one line, with its name before it",
		Source: "the article", Hint: "every client's loop must see every message",
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
		Name: "not-to-the-sender", Rule: "a client at a terminal does not get what it says itself",
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
		Name: "rooms-apart", Rule: "what is said in one room is heard in no other",
		Source: "contract point 14", Hint: "to whom does a message go: to all clients, or to those of a room?",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(4)
			a, b, c, d := room[0], room[1], room[2], room[3]
			c.join("#go")
			d.join("#go")
			a.say("in the lobby")
			c.say("in the room")
			b.expect(a.line("in the lobby"), "somebody spoke in the lobby, and somebody else in another room")
			d.expect(c.line("in the room"), "somebody spoke in the room #go, and somebody else in another room")
			subject.Settle()
			for _, everybody := range room {
				everybody.nothingNew("somebody spoke in another room, or it was the client itself")
			}
		},
	},
	{
		Name: "one-order", Rule: "all see the messages of a room in one order, and those of one client in the order in which it said them",
		Source: "tokio::sync::broadcast", Hint: "two messages must not be handed out at the same time",
		Check: func(t lesson.T, subject Subject) {
			const senders, each = 4, 50
			room := serve(t, subject, Settings{Capacity: 1024}).seat(senders + 2)
			for i := 0; i < each; i += 10 {
				for k, from := range room[:senders] {
					// Several at a time, so that the server hands them out while others speak.
					var burst strings.Builder
					for j := range 10 {
						fmt.Fprintf(&burst, "%d %d\n", k, i+j)
					}
					from.send(burst.String())
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
		Name: "one-write", Rule: "what is pending for a client leaves in one write",
		Source: "contract point 13", Hint: "take all that is there before you write: each write costs more than what it writes",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const pending = 50
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.seatMuted(1)[0]
			slow := server.dialSmall(32)
			speaker.say(strings.Repeat("the first write waits for the client ", 2))
			subject.Settle() // the server is in the middle of it
			before := slow.serverEnd().Writes()
			for i := range pending {
				speaker.say(fmt.Sprint(i))
			}
			subject.Settle()
			slow.next("a client spoke")
			for i := range pending {
				slow.expect(speaker.line(fmt.Sprint(i)), "many messages were pending")
			}
			// One, and on a network that takes a write before it is made, one before it.
			writes := slow.serverEnd().Writes() - before
			require.LessOrEqual(t, writes, 2, "%d messages were pending for a client, and were written with %d writes", pending, writes)
		},
	},
}
