package selecttest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// What can be asked for besides saying something.
var commandCases = []lesson.Case[Subject]{
	{
		Name: "me", Rule: "/me says what a client does",
		Source: "IRC's ACTION", Hint: "it is said in the room, as a line is, and looks otherwise",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			room[0].say("/me waves")
			room[1].expect(room[0].did("waves"), "a client said /me waves")
			subject.Settle()
			room[0].nothingNew("a client does not get what it does itself")
		},
	},
	{
		Name: "double-slash", Rule: "a line that begins with two slashes is said with one",
		Source: "contract point 14", Hint: "how does one say that /etc is full?",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			room[0].say("//etc is full")
			room[1].expect(room[0].line("/etc is full"), "a client said //etc is full")
		},
	},
	{
		Name: "hints", Rule: "a command that there is not, or that lacks something, is answered with a hint, and said to nobody",
		Source: "contract point 14", Hint: "/nikc is mistyped, and not meant for everybody",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			for typed, told := range map[string]string{
				"/jion #go": "/join", "/mgs bob hi": "/msg", "/frobnicate": "/help", "/": "/help",
				"/msg": "/msg NAME TEXT", "/msg bob": "/msg NAME TEXT", "/me": "/me TEXT", "/ignore": "/ignore NAME", "/history x": "/history",
			} {
				room[0].say(typed)
				hint := room[0].nextWith("* ", fmt.Sprintf("a client has typed %q, and must be told what to type", typed))
				require.Contains(t, hint, told, "a client has typed %q", typed)
			}
			room[1].nothingNew("another client has mistyped a command, which nobody else need see")
		},
	},
	{
		Name: "help", Rule: "/help lists all commands",
		Source: "contract point 14", Hint: "a list that is made of the commands themselves can't forget one",
		Check: func(t lesson.T, subject Subject) {
			c := serve(t, subject, Settings{}).dial()
			c.say("/help")
			c.say("/msg " + c.name + " fence")
			var help strings.Builder
			c.skipUntil(func(line string) bool {
				help.WriteString("\n" + line)
				return line == c.whisper(c, "fence")
			}, "a client said /help")
			for _, command := range []string{"nick", "join", "leave", "rooms", "who", "me", "msg", "history", "mute", "ignore", "help", "quit"} {
				require.Contains(t, help.String(), "\n* /"+command, "the answer to /help lacks a command")
			}
		},
	},
	{
		Name: "whisper", Rule: "/msg says something to one client alone, wherever that is, and shows the sender that it has gone",
		Source: "IRC's PRIVMSG", Hint: "an inbox for each client, besides its room",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(3)
			a, b, c := room[0], room[1], room[2]
			a.say("/msg " + b.name + " psst")
			b.expect(a.whisper(b, "psst"), "a client said something to another one alone")
			a.expect(a.whisper(b, "psst"), "a client said something to another one alone, and must see that it has gone")
			b.join("#go")
			a.say("/msg " + strings.ToUpper(b.name) + " over there?")
			b.expect(a.whisper(b, "over there?"), "a client said something to another one, who is in another room")
			a.expect(a.whisper(b, "over there?"), "a client said something to another one, who is in another room")
			c.nothingNew("two others have whispered")
		},
	},
	{
		Name: "whisper-nobody", Rule: "who whispers to somebody who is not there is told",
		Source: "IRC's ERR_NOSUCHNICK", Hint: "a message that is dropped without a word is taken for delivered",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(2)
			room[0].say("/msg nobody psst")
			room[0].nextWith("* ", "a client whispers to somebody who is not there")
			room[1].nothingNew("another client has whispered to somebody who is not there")
		},
	},
	{
		Name: "who", Rule: "/who lists who is here, or in another room",
		Source: "contract point 14", Hint: "a map has no order, and people look for a name",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(3)
			for i, name := range []string{"carol", "alice", "bob"} {
				room[i].rename(name)
			}
			room[0].say("/who")
			room[0].expect("* 3 people in #lobby: alice, bob, carol", "a client asks who is here")
			room[1].join("#go")
			room[0].say("/who #go")
			room[0].expect("* 1 person in #go: alice", "a client asks who is in another room")
			room[0].say("/who")
			room[0].expect("* 2 people in #lobby: bob, carol", "one of three has gone to another room")
			room[0].say("/who #nowhere")
			require.NotContains(t, room[0].nextWith("* ", "a client asks who is in a room that there is not"), "people")
		},
	},
	{
		Name: "mute", Rule: "/mute hides who comes and goes and is renamed, and nothing else",
		Source: "contract point 14", Hint: "hidden for one client is not the same as not sent",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(3)
			a, b, c := room[0], room[1], room[2]
			a.mute()
			was := b.name
			b.rename("bob")
			c.expect("* "+was+" is now called bob", "a client who has muted nothing is told of names")
			b.join("#go")
			b.say("/leave")
			c.expect("* bob has left #lobby", "a client who has muted nothing is told who goes")
			c.expect("* bob has joined #lobby", "a client who has muted nothing is told who comes")
			b.say("still here")
			a.expect(b.line("still here"), "a client does not want to know who comes and goes, but what they say")
			a.say("/mute")
			a.nextWith("* ", "a client said /mute again")
			b.rename("bobby")
			a.expect("* bob is now called bobby", "a client said /mute twice, and sees again who is renamed")
		},
	},
	{
		Name: "ignore", Rule: "/ignore hides what one person says and whispers, from this client alone",
		Source: "contract point 14", Hint: "it is the reader who ignores, not the room",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(3)
			a, b, c := room[0], room[1], room[2]
			b.rename("bob")
			a.say("/ignore BOB")
			a.nextWith("* ", "a client ignores another one")
			b.say("said")
			b.say("/me did")
			b.say("/msg " + a.name + " whispered")
			b.expect(b.whisper(a, "whispered"), "a client whispers")
			c.expect(b.line("said"), "one client ignores another one, and a third one does not")
			c.expect(b.did("did"), "one client ignores another one, and a third one does not")
			a.nothingNew("a client is ignored, whether it says, does or whispers something")
			a.say("/ignore bob")
			a.nextWith("* ", "a client no longer ignores another one")
			b.say("again")
			a.expect(b.line("again"), "a client said /ignore twice, and hears the other one again")
		},
	},
}
