package selecttest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/chattest"
)

const refusedName = "* you can't be called that"

// Who is called what.
var nameCases = []lesson.Case[Subject]{
	{
		Name: "nick", Rule: "/nick gives a client another name, and everybody in the room is told",
		Source: "IRC's NICK", Hint: "the name before a line is the one at the time when it was said",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			was := a.name
			a.say("before")
			a.say("/nick alice")
			a.expect(namedAs+"alice", "a client has asked for a name that is free")
			a.say("after")
			b.expect("["+was+"] before", "a client spoke before it had another name")
			b.expect("* "+was+" is now called alice", "a client has another name")
			b.expect("[alice] after", "a client spoke under its new name")
			a.say("/nick Alice")
			a.expect(namedAs+"Alice", "a client writes its own name otherwise, which nobody else can have")
		},
	},
	{
		Name: "nick-taken", Rule: "nobody can be called as somebody else is, nor nearly so: other case, other width, letters that look alike",
		Source: "RFC 8265; Unicode Technical Standard 39", Hint: "compare what the names are folded to, not what they are",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(2)
			a, b := room[0], room[1]
			a.rename("Alice")
			for _, like := range []string{
				"Alice", "alice", "ALICE",
				"Ａｌｉｃｅ",      // full width
				"аlice",      // a Cyrillic a
				"A1ice",      // a digit
				"alicе",      // a Cyrillic e
				"al\u0456ce", // a Cyrillic i
			} {
				b.say("/nick " + like)
				b.nextWith(refusedName, fmt.Sprintf("somebody is called Alice, and another client wants to be called %q", like))
			}
			b.say("who am I?")
			a.expect(b.line("who am I?"), "a client could not have the names that it wanted, and keeps its own")
		},
	},
	{
		Name: "nick-refused", Rule: "a name has 1 to 20 letters and digits; names of guests and of the server are nobody's to take",
		Source: "contract point 14", Hint: "a name stands in other people's terminals, too",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(2)
			a, b := room[0], room[1]
			for _, bad := range []string{
				"", "two words", strings.Repeat("x", 21), "[x]", "*", "<b>", "a\x1b[2Jb", "a\u202eb", "-a", "#go",
				"guest1", "Guest99", "GUEST7", "guеst5", "server", "you", strings.Repeat("x", 4000),
			} {
				a.say("/nick " + bad)
				a.nextWith(refusedName, fmt.Sprintf("a client wants to be called %s", chattest.Quote(bad)))
			}
			for _, good := range []string{"x", strings.Repeat("x", 20), "Grüße", "李小龙", "Ünal-Öz", "a.b_c"} {
				a.rename(good)
			}
			a.say("hello")
			b.expect("[a.b_c] hello", "a client has had several names, and speaks under the last one")
		},
	},
	{
		Name: "nick-freed", Rule: "a name is free again when its owner has another one, or has gone",
		Source: "contract point 14", Hint: "what is taken at /nick must be given back at the next one, and at the end",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(3)
			a, b, c := room[0], room[1], room[2]
			a.rename("alice")
			a.rename("anna")
			b.rename("alice")
			require.NoError(t, a.conn.Close())
			c.skipTo("* anna has left #lobby", "a client has gone")
			c.rename("anna")
		},
	},
	{
		Name: "nick-race", Rule: "of several who ask for one name at the same time, one gets it",
		Source: "CWE-367, time of check, time of use", Hint: "to look whether a name is free, and to take it, must be one step",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(6)
			for round := range 20 {
				name := fmt.Sprintf("round%d", round)
				for _, c := range room {
					c.say("/nick " + name)
				}
				var winners []string
				for i, c := range room {
					answer := c.nextWith("* you ", "a client has asked for a name")
					if answer == namedAs+name {
						winners = append(winners, fmt.Sprint(i))
						continue
					}
					require.True(t, strings.HasPrefix(answer, refusedName), "a client asked for a name, and got the answer %q", answer)
				}
				require.Len(t, winners, 1, "six clients asked for one name at the same time, and it was given to so many: %v", winners)
			}
		},
	},
}
